import { Inject, Injectable } from '@nestjs/common';
import { credentials, type ResolvedConnection } from '@patchbay/contracts/credentials';
import { Client, type ClientOf } from '@patchbay/service-kit/messaging/client';

export const CREDENTIAL_CACHE_MS = Symbol('credential cache ms');

interface Held {
  resolved: ResolvedConnection;
  until: number;
}

/** Resolved credentials, in memory only and for a short while; concurrent calls share one question. */
@Injectable()
export class CredentialCache {
  readonly #held = new Map<string, Held>();
  readonly #asking = new Map<string, Promise<ResolvedConnection>>();

  constructor(
    @Client(credentials) private readonly credentialsClient: ClientOf<typeof credentials>,
    @Inject(CREDENTIAL_CACHE_MS) private readonly cacheMs: number,
  ) {}

  get(organizationId: string, connectionId: string): ResolvedConnection | undefined {
    const key = `${organizationId} ${connectionId}`;
    const held = this.#held.get(key);
    if (!held || held.until > performance.now()) return held?.resolved;
    this.#held.delete(key);
    return undefined;
  }

  resolve(organizationId: string, connectionId: string, timeoutMs: number): Promise<ResolvedConnection> {
    const key = `${organizationId} ${connectionId}`;
    const asking =
      this.#asking.get(key) ??
      this.credentialsClient
        .resolveConnection({ organizationId, connectionId }, { timeoutMs })
        .then((resolved) => {
          this.#held.set(key, { resolved, until: performance.now() + this.cacheMs });
          return resolved;
        })
        .finally(() => this.#asking.delete(key));
    this.#asking.set(key, asking);
    return asking;
  }
}
