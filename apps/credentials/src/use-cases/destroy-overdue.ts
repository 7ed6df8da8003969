import { Injectable } from '@nestjs/common';
import { buried } from '../domain/connection-lifecycle.ts';
import { cleared } from '../domain/connection-rotation.ts';
import { ConnectionChanges } from '../outside/connection-changes.ts';
import { ConnectionCredentials } from '../outside/connection-credentials.ts';
import type { ConnectionRef } from '../outside/connection-sweep.ts';

/** Of a connection whose time to be undeleted is over nothing secret is left, only that it was there. */
@Injectable()
export class DestroyOverdue {
  constructor(
    private readonly changes: ConnectionChanges,
    private readonly secrets: ConnectionCredentials,
  ) {}

  async run(ref: ConnectionRef, now: Date): Promise<void> {
    await this.changes.make(ref, 'connection.secret_destroyed', async (held, tx) => {
      const tombstone = buried(held, now);
      if (tombstone) {
        await this.secrets.destroyAll(tx, held);
        return tombstone;
      }
      const { connection, destroyed } = cleared(held, now);
      await this.secrets.destroy(tx, held, destroyed);
      return connection;
    });
  }
}
