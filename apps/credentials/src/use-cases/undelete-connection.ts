import { Injectable } from '@nestjs/common';
import type { Connection } from '@patchbay/contracts/connections';
import type { credentials } from '@patchbay/contracts/credentials';
import type { InputOf } from '@patchbay/contracts/define';
import { undeleted } from '../domain/connection-lifecycle.ts';
import { ConnectionChanges } from '../outside/connection-changes.ts';

/** As it was, unless its name has been given to another one meanwhile. */
@Injectable()
export class UndeleteConnection {
  constructor(private readonly changes: ConnectionChanges) {}

  run(asked: InputOf<typeof credentials.undeleteConnection>): Promise<Connection> {
    return this.changes.make(asked, 'connection.undeleted', (connection) => undeleted(connection, new Date()));
  }
}
