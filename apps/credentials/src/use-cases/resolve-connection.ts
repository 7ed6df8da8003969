import { Injectable } from '@nestjs/common';
import type { ResolvedConnection } from '@patchbay/contracts/connections';
import type { credentials } from '@patchbay/contracts/credentials';
import type { InputOf } from '@patchbay/contracts/define';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import type { Transaction } from '@patchbay/service-kit/database/database';
import type { RequestContext } from '@patchbay/service-kit/messaging/request-context';
import { DataSource } from 'typeorm';
import { requireConnectionId } from '../domain/connection-kinds.ts';
import { requireUsable } from '../domain/connection-lifecycle.ts';
import { resolved } from '../domain/connection-placement.ts';
import { standIn } from '../domain/connection-rotation.ts';
import type { StoredConnection } from '../domain/connection.ts';
import { AuditLog } from '../outside/audit.repository.ts';
import { ConnectionCredentials } from '../outside/connection-credentials.ts';
import { ConnectionRepository } from '../outside/connection.repository.ts';
import { sealedResolution } from '../outside/sealed-answers.ts';

/** Without a deadline of the caller's. */
const DEADLINE_MS = 5_000;

/** The one way out for a secret: as what a single request to its provider must carry. Each time is in the audit log. */
@Injectable()
export class ResolveConnection {
  constructor(
    private readonly source: DataSource,
    private readonly connections: ConnectionRepository,
    private readonly secrets: ConnectionCredentials,
    private readonly audit: AuditLog,
  ) {}

  async run(asked: InputOf<typeof credentials.resolveConnection>, { deadline }: Pick<RequestContext, 'deadline'>): Promise<ResolvedConnection> {
    const { organizationId, connectionId, invocationId, sealTo } = asked;
    requireConnectionId(connectionId);
    const found = await inOrganization(this.source, organizationId, (tx) => this.connections.get(tx, organizationId, connectionId));
    requireUsable(found);
    await this.secrets.ensureFresh(found, deadline?.remainingMs ?? DEADLINE_MS);
    const answer = await inOrganization(this.source, organizationId, async (tx) => {
      // Once more: what it was a moment ago may be gone.
      const connection = await this.connections.get(tx, organizationId, connectionId);
      requireUsable(connection);
      const resolution = await this.#resolve(tx, connection);
      const object = { kind: 'connection', id: connectionId, name: connection.name };
      await this.audit.append(tx, organizationId, { action: 'connection.resolved', object, invocationId });
      return resolution;
    });
    return sealedResolution(answer, sealTo);
  }

  async #resolve(tx: Transaction, connection: StoredConnection): Promise<ResolvedConnection> {
    const now = new Date();
    const current = await this.secrets.current(tx, connection);
    const previous = standIn(connection, now);
    const spare = previous && { slot: previous, placement: await this.secrets.ofVersion(tx, connection, previous.version) };
    return resolved(connection, current, spare, now);
  }
}
