import { Injectable } from '@nestjs/common';
import type { Transaction } from '@patchbay/service-kit/database/database';
import { buried } from '../domain/connection-lifecycle.ts';
import { cleared } from '../domain/connection-rotation.ts';
import type { StoredConnection } from '../domain/connection.ts';
import { ConnectionChanges } from '../outside/connection-changes.ts';
import { ConnectionCredentials } from '../outside/connection-credentials.ts';
import type { ConnectionRef } from '../outside/connection-sweep.ts';
import { AccountGrants, type HeldGrant } from '../outside/oauth/account-grants.ts';

/** Of a connection whose time to be undeleted is over nothing secret is left, only that it was there. */
@Injectable()
export class DestroyOverdue {
  constructor(
    private readonly changes: ConnectionChanges,
    private readonly secrets: ConnectionCredentials,
    private readonly grants: AccountGrants,
  ) {}

  /** What a person granted is given back after that, as far as the provider can be reached: it must not keep anything from being destroyed. */
  async run(ref: ConnectionRef, now: Date): Promise<void> {
    const lastHeld: HeldGrant[] = [];
    await this.changes.make(ref, 'connection.secret_destroyed', async (held, tx) => {
      const tombstone = buried(held, now);
      if (!tombstone) return this.#clear(tx, held, now);
      const grant = await this.grants.lastHeld(tx, held);
      if (grant) lastHeld.push(grant);
      await this.secrets.destroyAll(tx, held);
      return tombstone;
    });
    for (const grant of lastHeld) await this.grants.tryGiveBack(grant);
  }

  async #clear(tx: Transaction, held: StoredConnection, now: Date): Promise<StoredConnection> {
    const { connection, destroyed } = cleared(held, now);
    await this.secrets.destroy(tx, held, destroyed);
    return connection;
  }
}
