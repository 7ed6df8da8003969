import { Injectable } from '@nestjs/common';
import type { Connection } from '@patchbay/contracts/connections';
import type { credentials } from '@patchbay/contracts/credentials';
import type { InputOf } from '@patchbay/contracts/define';
import { finished } from '../domain/connection-rotation.ts';
import { ConnectionChanges } from '../outside/connection-changes.ts';
import { ConnectionCredentials } from '../outside/connection-credentials.ts';

/** The previous secret is gone; from here on nothing can stand in for the current one. */
@Injectable()
export class FinishRotation {
  constructor(
    private readonly changes: ConnectionChanges,
    private readonly secrets: ConnectionCredentials,
  ) {}

  run(asked: InputOf<typeof credentials.finishRotation>): Promise<Connection> {
    return this.changes.make(asked, 'connection.rotation_finished', async (held, tx) => {
      const { connection, destroyed } = finished(held);
      await this.secrets.destroy(tx, held, destroyed);
      return connection;
    });
  }
}
