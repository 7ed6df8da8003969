import { Injectable } from '@nestjs/common';
import { ServiceError } from '@patchbay/contracts/errors';
import { violates, type Transaction } from '@patchbay/service-kit/database/database';
import { Not } from 'typeorm';
import { learned, type HealthEvent } from '../domain/connection-health.ts';
import { connectionState, type StoredConnection } from '../domain/connection.ts';
import { ConnectionTable } from '../tables/connection.table.ts';
import { AuditLog } from './audit.repository.ts';
import { connectionOf, rowOf } from './connection-rows.ts';

export interface ListedConnections {
  provider?: string;
  deleted: boolean;
}

@Injectable()
export class ConnectionRepository {
  constructor(private readonly audit: AuditLog) {}

  async insert(tx: Transaction, connection: StoredConnection): Promise<void> {
    await tx.insert(ConnectionTable, { ...rowOf(connection), unpublished: true }).catch(refuseTaken);
  }

  async get(tx: Transaction, organizationId: string, connectionId: string): Promise<StoredConnection> {
    const row = await tx.findOneBy(ConnectionTable, { org_id: organizationId, connection_id: connectionId });
    return found(row, connectionId);
  }

  /** Held until the transaction ends: who changes it next starts from what this one made of it. */
  async lock(tx: Transaction, organizationId: string, connectionId: string): Promise<StoredConnection> {
    const [row]: ConnectionTable[] = await tx.query('select * from connections where org_id = $1 and connection_id = $2 for no key update', [
      organizationId,
      connectionId,
    ]);
    return found(row ?? null, connectionId);
  }

  /** In the order they were made; ids sort by time. */
  async list(tx: Transaction, organizationId: string, { provider, deleted }: ListedConnections): Promise<StoredConnection[]> {
    const lifecycle = deleted ? ('deleted' as const) : Not('deleted' as const);
    const where = { org_id: organizationId, lifecycle, ...(provider === undefined ? {} : { provider }) };
    const rows = await tx.find(ConnectionTable, { where, order: { connection_id: 'ASC' } });
    return rows.map(connectionOf);
  }

  /** Writes a locked connection; one that the runner must hear of is marked for the feed. */
  async save(tx: Transaction, before: StoredConnection, after: StoredConnection): Promise<void> {
    if (before === after) return;
    const { org_id, connection_id, ...columns } = rowOf(after);
    const isNews = JSON.stringify(connectionState(before)) !== JSON.stringify(connectionState(after));
    await tx.update(ConnectionTable, { org_id, connection_id }, { ...columns, ...(isNews ? { unpublished: true } : {}) }).catch(refuseTaken);
  }

  /** What was learned of a connection, whoever learned it; a change of its health is in the audit log. */
  async recordHealth(tx: Transaction, organizationId: string, connectionId: string, event: HealthEvent): Promise<StoredConnection> {
    const before = await this.lock(tx, organizationId, connectionId);
    const after = learned(before, event);
    await this.save(tx, before, after);
    if (before.health !== after.health) {
      await this.audit.append(tx, organizationId, {
        action: 'connection.health_changed',
        object: { kind: 'connection', id: connectionId, name: after.name },
        before: { health: before.health, reason: before.reason },
        after: { health: after.health, reason: after.reason },
      });
    }
    return after;
  }

  /** Returns whose place it takes as the default of its provider. */
  async clearDefault(tx: Transaction, { organizationId, provider, sandbox }: StoredConnection): Promise<string[]> {
    const [rows]: [{ connection_id: string }[], number] = await tx.query(
      `update connections set is_default = false, unpublished = true
       where org_id = $1 and provider = $2 and sandbox = $3 and is_default returning connection_id`,
      [organizationId, provider, sandbox],
    );
    return rows.map(({ connection_id }) => connection_id);
  }

  /** Those of the ids that have not been checked since are due now. Returns how many. */
  async hasten(tx: Transaction, organizationId: string, connectionIds: string[], checkedBefore: Date, now: Date): Promise<number> {
    const [, count]: [unknown[], number] = await tx.query(
      `update connections set next_check_at = $4
       where org_id = $1 and connection_id = any($2) and lifecycle = 'active' and check_call is not null
         and (last_checked_at is null or last_checked_at < $3) and (next_check_at is null or next_check_at > $4)`,
      [organizationId, connectionIds, checkedBefore, now],
    );
    return count;
  }
}

function found(row: ConnectionTable | null, connectionId: string): StoredConnection {
  if (!row) throw new ServiceError('not_found', `The organization has no connection ${connectionId}.`);
  return connectionOf(row);
}

function refuseTaken(error: unknown): never {
  if (violates(error, 'connections_org_id_name_unique'))
    throw ServiceError.fields('conflict', 'A connection with this name exists already.', [{ path: 'name', problem: 'is taken' }]);
  if (violates(error, 'connections_default_unique'))
    throw new ServiceError('conflict', 'Another connection was made the default at the same time; ask again.');
  throw error;
}
