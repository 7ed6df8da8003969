import { Injectable } from '@nestjs/common';
import type { Connection } from '@patchbay/contracts/connections';
import type { credentials } from '@patchbay/contracts/credentials';
import type { InputOf } from '@patchbay/contracts/define';
import { updated } from '../domain/connection-update.ts';
import { requireNotDeleted } from '../domain/connection-lifecycle.ts';
import { ConnectionChanges } from '../outside/connection-changes.ts';
import { ConnectionCredentials } from '../outside/connection-credentials.ts';
import { ConnectionFeed } from '../outside/connection-feed.ts';
import { ConnectionRepository } from '../outside/connection.repository.ts';
import { SENDING_RULES } from '../outside/sending-rules.ts';

/** What is not secret. A new default takes the place of the old one; a secret goes nowhere that it was not given for. */
@Injectable()
export class UpdateConnection {
  constructor(
    private readonly changes: ConnectionChanges,
    private readonly connections: ConnectionRepository,
    private readonly secrets: ConnectionCredentials,
    private readonly feed: ConnectionFeed,
  ) {}

  async run({ organizationId, connectionId, ...asked }: InputOf<typeof credentials.updateConnection>): Promise<Connection> {
    const replaced: string[] = [];
    const connection = await this.changes.make({ organizationId, connectionId }, 'connection.updated', async (held, tx) => {
      requireNotDeleted(held);
      const after = updated(held, asked, { ...SENDING_RULES, isArmed: await this.secrets.isArmed(tx, held) }, new Date());
      if (after.isDefault && !held.isDefault) replaced.push(...(await this.connections.clearDefault(tx, held)));
      return after;
    });
    for (const other of replaced) await this.feed.publishNews({ organizationId, connectionId: other });
    return connection;
  }
}
