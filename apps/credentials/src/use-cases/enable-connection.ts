import { Injectable } from '@nestjs/common';
import type { Connection } from '@patchbay/contracts/connections';
import type { credentials } from '@patchbay/contracts/credentials';
import type { InputOf } from '@patchbay/contracts/define';
import { enabled } from '../domain/connection-lifecycle.ts';
import { ConnectionChanges } from '../outside/connection-changes.ts';

/** It can be used at once; it is checked at once as well, because nobody has looked at it meanwhile. */
@Injectable()
export class EnableConnection {
  constructor(private readonly changes: ConnectionChanges) {}

  run(asked: InputOf<typeof credentials.enableConnection>): Promise<Connection> {
    return this.changes.make(asked, 'connection.enabled', (connection) => enabled(connection, new Date()));
  }
}
