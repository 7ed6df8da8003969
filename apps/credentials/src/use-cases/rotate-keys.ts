import { Inject, Injectable } from '@nestjs/common';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import { setTimeout as delay } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { AuditLog } from '../outside/audit.repository.ts';
import type { SecretOwner } from '../outside/keys/envelope.ts';
import { KEY_PROVIDER, type KeyProvider } from '../outside/keys/key-provider.ts';
import { SealedSecrets, type Resealed } from '../outside/sealed-secrets.ts';

export interface Rotation {
  /** The key everything is sealed under now. */
  keyId: string;
  /** Whether this run made it; false when it went on with an interrupted rotation. */
  made: boolean;
  resealed: number;
  /** Secrets under other keys at the end: 0, or as many as cannot be read. */
  left: number;
  unreadable: Resealed['unreadable'];
}

export interface RotationOptions {
  /** Make a new key even though secrets are left under an old one. */
  newKey: boolean;
  /**
   * How long a process may still seal under the key before: a transaction that was open, or a version of Vault's key that it believes in.
   * Milliseconds; after it everything is counted once more.
   */
  settleMs: number;
  progress(done: number, total: number): void;
  /** The wait begins. */
  settling(): void;
}

/**
 * Puts a new key in the place of the old one while services run. It can be killed at any time and goes on where it was: what is left is
 * what the rows say, nothing else is remembered.
 */
@Injectable()
export class RotateKeys {
  constructor(
    private readonly source: DataSource,
    private readonly secrets: SealedSecrets,
    private readonly audit: AuditLog,
    @Inject(KEY_PROVIDER) private readonly keys: KeyProvider,
  ) {}

  async run(options: RotationOptions): Promise<Rotation> {
    const made = options.newKey || (await this.#left()) === 0;
    const keyId = made ? await this.keys.makeNewKey() : await this.keys.currentKeyId();
    const resealed = new Map<string, number>();
    let unreadable = await this.#reseal(resealed, options);
    options.settling();
    await delay(options.settleMs);
    if ((await this.#left()) > unreadable.length) unreadable = await this.#reseal(resealed, options);
    for (const [organizationId, secrets] of resealed) await this.#record(organizationId, keyId, secrets);
    return { keyId, made, resealed: [...resealed.values()].reduce((sum, count) => sum + count, 0), left: await this.#left(), unreadable };
  }

  /** Passes over all rows until one changes nothing: what somebody held is free then. */
  async #reseal(resealed: Map<string, number>, { progress }: RotationOptions): Promise<Resealed['unreadable']> {
    const total = await this.#left();
    for (let done = 0; ; ) {
      const unreadable: Resealed['unreadable'] = [];
      const before = done;
      let after: SecretOwner | null = null;
      do {
        const batch: Resealed = await this.secrets.resealBatch(after);
        unreadable.push(...batch.unreadable);
        for (const { organizationId } of batch.resealed) resealed.set(organizationId, (resealed.get(organizationId) ?? 0) + 1);
        done += batch.resealed.length;
        if (batch.resealed.length > 0) progress(done, total);
        ({ after } = batch);
      } while (after);
      if (done === before) return unreadable;
    }
  }

  async #left(): Promise<number> {
    const current = await this.keys.currentKeyId();
    const uses = await this.secrets.countByKey();
    return uses.filter(({ keyId }) => keyId !== current).reduce((sum, { secrets }) => sum + secrets, 0);
  }

  async #record(organizationId: string, keyId: string, secrets: number): Promise<void> {
    await inOrganization(this.source, organizationId, (tx) =>
      this.audit.append(tx, organizationId, { action: 'key.rotated', object: { kind: 'key', id: keyId }, after: { keyId, secrets } }),
    );
  }
}
