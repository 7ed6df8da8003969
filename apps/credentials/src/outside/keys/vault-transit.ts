import { z } from 'zod';
import type { Secret } from '@patchbay/service-kit/config/secret';
import type { KeyProvider, Sealed, Unreadable } from './key-provider.ts';

export interface VaultTransitOptions {
  /** Of the Vault server: `https://vault.example:8200`. */
  url: string;
  /** Where the transit engine is mounted. */
  mount: string;
  /** Name of a key of type aes256-gcm96: only those take associated data. */
  key: string;
  token: Secret;
  namespace?: string | undefined;
}

const TIMEOUT_MS = 3_000;
/** A version made elsewhere is used after this long; wrapping with the one before is no fault. */
const LATEST_BELIEVED_MS = 10_000;
const EMPTY = Buffer.alloc(0);

const KeyInfo = z.object({ data: z.object({ type: z.string(), latest_version: z.int() }) });
const Encrypted = z.object({ data: z.object({ ciphertext: z.string().startsWith('vault:') }) });
const Decrypted = z.object({ data: z.object({ plaintext: z.base64() }) });
const Problems = z.object({ errors: z.array(z.string()) });

/** Data keys wrapped by Vault's transit engine, whose key never leaves it. Source: Vault HTTP API, secret/transit. */
export class VaultTransit implements KeyProvider {
  readonly #prefix: string;
  #latest: { version: number; until: number } | undefined;

  constructor(private readonly options: VaultTransitOptions) {
    this.#prefix = `vault:${options.mount}/${options.key}:v`;
  }

  async currentKeyId(): Promise<string> {
    if (!this.#latest || this.#latest.until < performance.now()) await this.#readLatest();
    return `${this.#prefix}${this.#latest!.version}`;
  }

  owns(keyId: string): boolean {
    return keyId.startsWith(this.#prefix);
  }

  async wrap(keyId: string, dataKey: Buffer, authenticated: Buffer): Promise<Sealed> {
    const asked = {
      plaintext: dataKey.toString('base64'),
      associated_data: authenticated.toString('base64'),
      key_version: Number(keyId.slice(this.#prefix.length)),
    };
    const { data } = Encrypted.parse(await this.#post('encrypt', asked));
    return { iv: EMPTY, tag: EMPTY, ciphertext: Buffer.from(data.ciphertext) };
  }

  async unwrap(keyId: string, { ciphertext }: Sealed, authenticated: Buffer): Promise<Buffer | Unreadable> {
    const text = ciphertext.toString();
    // Vault reads the version from the text and not from us: the two must agree, for the id is what the row was authenticated with.
    if (!text.startsWith(`vault:v${keyId.slice(this.#prefix.length)}:`)) return 'tampered';
    try {
      const asked = { ciphertext: text, associated_data: authenticated.toString('base64') };
      return Buffer.from(Decrypted.parse(await this.#post('decrypt', asked)).data.plaintext, 'base64');
    } catch (error) {
      if (error instanceof VaultRefused) return error.unreadable;
      throw error;
    }
  }

  async makeNewKey(): Promise<string> {
    await this.#send('POST', `keys/${this.options.key}/rotate`, {});
    this.#latest = undefined;
    return this.currentKeyId();
  }

  async #readLatest(): Promise<void> {
    const { data } = KeyInfo.parse(await this.#send('GET', `keys/${this.options.key}`));
    if (data.type !== 'aes256-gcm96') throw new Error(`The transit key ${this.options.key} is of type ${data.type}; it must be aes256-gcm96.`);
    this.#latest = { version: data.latest_version, until: performance.now() + LATEST_BELIEVED_MS };
  }

  #post(operation: 'encrypt' | 'decrypt', body: object): Promise<unknown> {
    return this.#send('POST', `${operation}/${this.options.key}`, body);
  }

  async #send(method: 'GET' | 'POST', path: string, body?: object): Promise<unknown> {
    const { url, mount, token, namespace } = this.options;
    const answer = await fetch(`${url.replace(/\/$/, '')}/v1/${mount}/${path}`, {
      method,
      redirect: 'error',
      headers: {
        'x-vault-token': token.reveal(),
        'x-vault-request': 'true',
        ...(namespace ? { 'x-vault-namespace': namespace } : {}),
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (answer.ok) return answer.status === 204 ? {} : await answer.json();
    const problems = Problems.safeParse(await answer.json().catch(() => null));
    throw refusal(answer.status, problems.success ? problems.data.errors : []);
  }
}

/** Vault knows the key but not what was shown to it, or the version is not to be used any more. */
class VaultRefused extends Error {
  constructor(
    message: string,
    readonly unreadable: Unreadable,
  ) {
    super(message);
  }
}

/** 400 is about what was sent; everything else is about the server, the token or the way there, and says nothing of a row. */
function refusal(status: number, errors: string[]): Error {
  const words = `Vault answered ${status}${errors.length > 0 ? `: ${errors.join('; ')}` : ''}`;
  if (status !== 400) return new Error(words);
  const lost = errors.some((error) => /encryption key not found|version is disallowed|no existing key/i.test(error));
  return new VaultRefused(words, lost ? 'key_lost' : 'tampered');
}
