import { Injectable } from '@nestjs/common';
import type { Connection } from '@patchbay/contracts/connections';
import type { credentials } from '@patchbay/contracts/credentials';
import type { InputOf } from '@patchbay/contracts/define';
import { stepped } from '../domain/connection-lifecycle.ts';
import { ConnectionChanges } from '../outside/connection-changes.ts';

/** Every use of it ends, within the moment it takes runners to hear of it. */
@Injectable()
export class DisableConnection {
  constructor(private readonly changes: ConnectionChanges) {}

  run(asked: InputOf<typeof credentials.disableConnection>): Promise<Connection> {
    return this.changes.make(asked, 'connection.disabled', (connection) => stepped(connection, 'disable'));
  }
}
