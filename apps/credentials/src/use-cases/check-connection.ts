import { Injectable } from '@nestjs/common';
import type { Connection } from '@patchbay/contracts/connections';
import { ServiceError } from '@patchbay/contracts/errors';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import { DataSource } from 'typeorm';
import type { Finding } from '../domain/connection-check.ts';
import type { HealthEvent } from '../domain/connection-health.ts';
import { requireCheckable } from '../domain/connection-lifecycle.ts';
import { connectionView, type StoredConnection } from '../domain/connection.ts';
import { ConnectionChecker } from '../outside/connection-checker.ts';
import { ConnectionCredentials } from '../outside/connection-credentials.ts';
import { ConnectionFeed } from '../outside/connection-feed.ts';
import { ConnectionRepository } from '../outside/connection.repository.ts';
import type { ConnectionRef } from '../outside/connection-sweep.ts';

/** A check that also has to fetch a token may take this long; then it has failed for now. */
const TOKEN_TIMEOUT_MS = 10_000;

/** Asks the provider whether it accepts the connection now. One without a check that was refused in real traffic is given another chance. */
@Injectable()
export class CheckConnection {
  constructor(
    private readonly source: DataSource,
    private readonly connections: ConnectionRepository,
    private readonly secrets: ConnectionCredentials,
    private readonly checker: ConnectionChecker,
    private readonly feed: ConnectionFeed,
  ) {}

  async run({ organizationId, connectionId }: ConnectionRef): Promise<Connection> {
    const connection = await inOrganization(this.source, organizationId, (tx) => this.connections.get(tx, organizationId, connectionId));
    requireCheckable(connection);
    const event = await this.#learn(connection);
    const after = await inOrganization(this.source, organizationId, (tx) => this.connections.recordHealth(tx, organizationId, connectionId, event));
    await this.feed.publishNews({ organizationId, connectionId });
    return connectionView(after);
  }

  async #learn(connection: StoredConnection): Promise<HealthEvent> {
    const { check, version } = connection;
    if (!check) return { kind: 'probation', at: new Date() };
    await this.secrets.ensureFresh(connection, TOKEN_TIMEOUT_MS);
    const { headers } = await inOrganization(this.source, connection.organizationId, (tx) => this.secrets.current(tx, connection));
    const finding: Finding | null = await this.checker.check({ ...connection, check }, headers);
    if (!finding) throw new ServiceError('unavailable', 'The service is stopping; ask again.');
    return { kind: 'checked', at: new Date(), version, finding };
  }
}
