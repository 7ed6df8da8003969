import { Injectable } from '@nestjs/common';
import type { Connection } from '@patchbay/contracts/connections';
import type { credentials } from '@patchbay/contracts/credentials';
import type { InputOf } from '@patchbay/contracts/define';
import { ServiceError } from '@patchbay/contracts/errors';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import { DataSource } from 'typeorm';
import { learned } from '../domain/connection-health.ts';
import { connectionView } from '../domain/connection.ts';
import { requireRevocable, revocationWords, type Revocation } from '../domain/oauth/revocation.ts';
import { ConnectionChanges } from '../outside/connection-changes.ts';
import { ConnectionRepository } from '../outside/connection.repository.ts';
import { AccountGrants } from '../outside/oauth/account-grants.ts';
import type { LeasedTokens } from '../outside/oauth/token.repository.ts';

/** The provider is told first: what it does not confirm is kept, so that it can be asked again. A repeat changes nothing. */
@Injectable()
export class RevokeConnection {
  constructor(
    private readonly source: DataSource,
    private readonly connections: ConnectionRepository,
    private readonly grants: AccountGrants,
    private readonly changes: ConnectionChanges,
  ) {}

  async run({ organizationId, connectionId }: InputOf<typeof credentials.revokeConnection>): Promise<Connection> {
    const connection = await inOrganization(this.source, organizationId, (tx) => this.connections.get(tx, organizationId, connectionId));
    requireRevocable(connection);
    if (connection.health === 'revoked') return connectionView(connection);
    const lease = await this.grants.lease({ organizationId, connectionId });
    return this.#end(lease, await this.grants.giveBack(lease));
  }

  #end(lease: LeasedTokens, revocation: Revocation): Promise<Connection> {
    const ref = { organizationId: lease.org_id, connectionId: lease.connection_id };
    return this.changes.make(ref, 'connection.revoked', async (held, tx) => {
      if (!(await this.grants.destroy(tx, lease)))
        throw new ServiceError('conflict', 'The account was connected anew meanwhile, and that access is kept; revoke it again if it should end, too.');
      return learned(held, { kind: 'revoked', at: new Date(), text: revocationWords(revocation) });
    });
  }
}
