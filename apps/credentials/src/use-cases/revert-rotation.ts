import { Injectable } from '@nestjs/common';
import type { Connection } from '@patchbay/contracts/connections';
import type { credentials } from '@patchbay/contracts/credentials';
import type { InputOf } from '@patchbay/contracts/define';
import { requireNotDeleted } from '../domain/connection-lifecycle.ts';
import { reverted } from '../domain/connection-rotation.ts';
import { ConnectionChanges } from '../outside/connection-changes.ts';

/** Nothing is asked of the provider: the previous secret worked before. */
@Injectable()
export class RevertRotation {
  constructor(private readonly changes: ConnectionChanges) {}

  run(asked: InputOf<typeof credentials.revertRotation>): Promise<Connection> {
    return this.changes.make(asked, 'connection.rotation_reverted', (connection) => {
      requireNotDeleted(connection);
      return reverted(connection, new Date());
    });
  }
}
