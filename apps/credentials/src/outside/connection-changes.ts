import { Injectable } from '@nestjs/common';
import type { Connection } from '@patchbay/contracts/connections';
import type { Transaction } from '@patchbay/service-kit/database/database';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import { DataSource } from 'typeorm';
import { connectionView, type StoredConnection } from '../domain/connection.ts';
import { AuditLog } from './audit.repository.ts';
import { ConnectionFeed } from './connection-feed.ts';
import { ConnectionRepository } from './connection.repository.ts';
import type { ConnectionRef } from './connection-sweep.ts';

type Change = (connection: StoredConnection, tx: Transaction) => StoredConnection | Promise<StoredConnection>;

/** One change of a connection: in one transaction with its entry in the audit log, then told to the runners. */
@Injectable()
export class ConnectionChanges {
  constructor(
    private readonly source: DataSource,
    private readonly connections: ConnectionRepository,
    private readonly audit: AuditLog,
    private readonly feed: ConnectionFeed,
  ) {}

  /** `action` is what the audit log calls it, e.g. `connection.disabled`. What changes nothing is not logged. */
  async make({ organizationId, connectionId }: ConnectionRef, action: string, change: Change): Promise<Connection> {
    const [before, after] = await inOrganization(this.source, organizationId, async (tx) => {
      const held = await this.connections.lock(tx, organizationId, connectionId);
      const changed = await change(held, tx);
      await this.connections.save(tx, held, changed);
      if (held !== changed) await this.log(tx, action, held, changed);
      return [held, changed];
    });
    if (before !== after) await this.feed.publishNews({ organizationId, connectionId });
    return connectionView(after);
  }

  /** Last in its transaction: it keeps the others of the organization waiting. */
  log(tx: Transaction, action: string, before: StoredConnection | null, after: StoredConnection): Promise<void> {
    const { organizationId, connectionId, name } = after;
    const object = { kind: 'connection', id: connectionId, name };
    return this.audit.append(tx, organizationId, { action, object, before: before ? connectionView(before) : undefined, after: connectionView(after) });
  }
}
