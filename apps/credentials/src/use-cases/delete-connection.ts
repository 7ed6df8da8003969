import { Injectable } from '@nestjs/common';
import type { Connection } from '@patchbay/contracts/connections';
import type { credentials } from '@patchbay/contracts/credentials';
import type { InputOf } from '@patchbay/contracts/define';
import { deleted } from '../domain/connection-lifecycle.ts';
import { ConnectionChanges } from '../outside/connection-changes.ts';

/** Its secrets stay for a day, so that a mistake can be undone. */
@Injectable()
export class DeleteConnection {
  constructor(private readonly changes: ConnectionChanges) {}

  run(asked: InputOf<typeof credentials.deleteConnection>): Promise<Connection> {
    return this.changes.make(asked, 'connection.deleted', (connection) => deleted(connection, new Date()));
  }
}
