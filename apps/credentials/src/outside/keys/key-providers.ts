import type { KeyProvider, Sealed, Unreadable } from './key-provider.ts';

/** New data keys go to the first provider; old ones open with whichever made them, so that one can be left for another while services run. */
export class KeyProviders implements KeyProvider {
  constructor(private readonly providers: readonly [KeyProvider, ...KeyProvider[]]) {}

  currentKeyId(): Promise<string> {
    return this.providers[0].currentKeyId();
  }

  owns(keyId: string): boolean {
    return this.providers.some((provider) => provider.owns(keyId));
  }

  wrap(keyId: string, dataKey: Buffer, authenticated: Buffer): Promise<Sealed> {
    return this.providers[0].wrap(keyId, dataKey, authenticated);
  }

  async unwrap(keyId: string, wrapped: Sealed, authenticated: Buffer): Promise<Buffer | Unreadable> {
    const provider = this.providers.find((known) => known.owns(keyId));
    return provider ? provider.unwrap(keyId, wrapped, authenticated) : 'key_lost';
  }

  makeNewKey(): Promise<string> {
    return this.providers[0].makeNewKey();
  }
}
