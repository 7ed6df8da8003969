import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { ResolvedSecrets, type ResolvedConnection } from '@patchbay/contracts/connections';
import { credentials } from '@patchbay/contracts/credentials';
import { Client, type ClientOf } from '@patchbay/service-kit/messaging/client';
import { SealingKey } from '@patchbay/service-kit/messaging/sealed';
import { ConnectionStates } from './connection-states.ts';

export const CREDENTIAL_CACHE_MS = Symbol('credential cache ms');

interface Held {
  resolved: ResolvedConnection;
  until: number;
}

/** Resolved credentials, in memory only and for a short while; concurrent calls share one question. */
@Injectable()
export class CredentialCache implements BeforeApplicationShutdown {
  readonly #held = new Map<string, Held>();
  #key: Promise<SealingKey> | undefined;
  readonly #stop: () => void;
  readonly #asking = new Map<string, Promise<ResolvedConnection>>();

  constructor(
    @Client(credentials) private readonly credentialsClient: ClientOf<typeof credentials>,
    @Inject(CREDENTIAL_CACHE_MS) private readonly cacheMs: number,
    states: ConnectionStates,
  ) {
    this.#stop = states.onChange((organizationId, connectionId) => this.drop(organizationId, connectionId));
  }

  beforeApplicationShutdown(): void {
    this.#stop();
  }

  get(organizationId: string, connectionId: string): ResolvedConnection | undefined {
    const key = `${organizationId} ${connectionId}`;
    const held = this.#held.get(key);
    if (!held || held.until > performance.now()) return held?.resolved;
    this.#held.delete(key);
    return undefined;
  }

  /** Forgets what was resolved: it was changed, or the provider refused it. */
  drop(organizationId: string, connectionId: string): void {
    const key = `${organizationId} ${connectionId}`;
    this.#held.delete(key);
    // What is on its way may be of before the change: whoever waits gets it, nobody after.
    this.#asking.delete(key);
  }

  /** @param invocationId for the log of those who used a secret; the first of several who ask together is named there. */
  resolve(organizationId: string, connectionId: string, timeoutMs: number, invocationId?: string): Promise<ResolvedConnection> {
    const key = `${organizationId} ${connectionId}`;
    const known = this.#asking.get(key);
    if (known) return known;
    const asking: Promise<ResolvedConnection> = this.#ask({ organizationId, connectionId, ...(invocationId ? { invocationId } : {}) }, timeoutMs)
      .then((resolved) => {
        const keptMs = Math.min(this.cacheMs, resolved.cacheMs);
        if (this.#asking.get(key) === asking) this.#held.set(key, { resolved, until: performance.now() + keptMs });
        return resolved;
      })
      .finally(() => {
        if (this.#asking.get(key) === asking) this.#asking.delete(key);
      });
    this.#asking.set(key, asking);
    return asking;
  }

  /** Sealed for this process: whoever reads along on NATS sees no secret. A service of an earlier release answers in the open. */
  async #ask(question: { organizationId: string; connectionId: string; invocationId?: string }, timeoutMs: number): Promise<ResolvedConnection> {
    const key = await (this.#key ??= SealingKey.make());
    const resolved = await this.credentialsClient.resolveConnection({ ...question, sealTo: key.publicKey }, { timeoutMs });
    if (resolved.sealed === null) return resolved;
    return { ...resolved, sealed: null, ...ResolvedSecrets.parse(await key.open(resolved.sealed)) };
  }
}
