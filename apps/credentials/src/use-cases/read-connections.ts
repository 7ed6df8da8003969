import { Injectable } from '@nestjs/common';
import type { Connection } from '@patchbay/contracts/connections';
import type { credentials } from '@patchbay/contracts/credentials';
import type { InputOf, ReplyOf } from '@patchbay/contracts/define';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import { DataSource } from 'typeorm';
import { connectionView } from '../domain/connection.ts';
import { ConnectionRepository } from '../outside/connection.repository.ts';

/** Connections with their health, never their secrets. */
@Injectable()
export class ReadConnections {
  constructor(
    private readonly source: DataSource,
    private readonly connections: ConnectionRepository,
  ) {}

  async one({ organizationId, connectionId }: InputOf<typeof credentials.getConnection>): Promise<Connection> {
    return connectionView(await inOrganization(this.source, organizationId, (tx) => this.connections.get(tx, organizationId, connectionId)));
  }

  async all({ organizationId, provider, deleted }: InputOf<typeof credentials.listConnections>): Promise<ReplyOf<typeof credentials.listConnections>> {
    const listed = await inOrganization(this.source, organizationId, (tx) => this.connections.list(tx, organizationId, { provider, deleted }));
    return { connections: listed.map(connectionView) };
  }
}
