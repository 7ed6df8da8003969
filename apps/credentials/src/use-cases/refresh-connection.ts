import { Injectable } from '@nestjs/common';
import type { Connection } from '@patchbay/contracts/connections';
import type { credentials } from '@patchbay/contracts/credentials';
import type { InputOf } from '@patchbay/contracts/define';
import { ServiceError } from '@patchbay/contracts/errors';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import { DataSource } from 'typeorm';
import { connectionView } from '../domain/connection.ts';
import { requireNotDeleted } from '../domain/connection-lifecycle.ts';
import { requireOAuthClient } from '../domain/oauth/oauth-client.ts';
import { ConnectionRepository } from '../outside/connection.repository.ts';
import { TokenRefresher } from '../outside/oauth/token-refresher.ts';

/** A new access token now, whatever the old one is worth; those who ask together get the same one. */
@Injectable()
export class RefreshConnection {
  constructor(
    private readonly source: DataSource,
    private readonly connections: ConnectionRepository,
    private readonly refresher: TokenRefresher,
  ) {}

  async run({ organizationId, connectionId }: InputOf<typeof credentials.refreshConnection>): Promise<Connection> {
    const get = () => inOrganization(this.source, organizationId, (tx) => this.connections.get(tx, organizationId, connectionId));
    const connection = await get();
    requireOAuthClient(connection);
    requireNotDeleted(connection);
    const refreshed = await this.refresher.refresh({ organizationId, connectionId });
    if ('problem' in refreshed) throw new ServiceError('failed_precondition', refreshed.problem);
    return connectionView(await get());
  }
}
