import { Injectable } from '@nestjs/common';
import type { Transaction } from '@patchbay/service-kit/database/database';
import type { StoredConnection } from '../domain/connection.ts';
import { ConnectionTable } from '../tables/connection.table.ts';
import { connectionOf } from './connection-rows.ts';

export interface ConnectionRef {
  organizationId: string;
  connectionId: string;
}

interface RefRow {
  org_id: string;
  connection_id: string;
}

/** Connections of all organizations, as this service looks after them by itself. Instances share the work by skipping what another one holds. */
@Injectable()
export class ConnectionSweep {
  /** Those whose check is due, in order. They count as checked from here on, so that nobody else begins; a process that dies now leaves them to the next time. */
  async claimDue(tx: Transaction, now: Date, nextAt: Date, limit: number): Promise<StoredConnection[]> {
    const [rows]: [ConnectionTable[], number] = await tx.query(
      `update connections set next_check_at = $2, last_checked_at = case when check_call is null then last_checked_at else $1 end
       where (org_id, connection_id) in (
         select org_id, connection_id from connections where next_check_at <= $1 and lifecycle = 'active'
         order by next_check_at limit $3 for no key update skip locked)
       returning *`,
      [now, nextAt, limit],
    );
    return rows.map(connectionOf);
  }

  async listUnpublished(tx: Transaction, limit: number): Promise<ConnectionRef[]> {
    const rows: RefRow[] = await tx.query('select org_id, connection_id from connections where unpublished order by org_id, connection_id limit $1', [limit]);
    return rows.map(refOf);
  }

  /** In the order of their keys, from after one of them on. */
  async listAfter(tx: Transaction, after: ConnectionRef | null, limit: number): Promise<ConnectionRef[]> {
    const rows: RefRow[] = await tx.query(
      'select org_id, connection_id from connections where (org_id, connection_id) > ($1, $2) order by org_id, connection_id limit $3',
      [after?.organizationId ?? '', after?.connectionId ?? '', limit],
    );
    return rows.map(refOf);
  }

  /** Those of which something secret is kept for longer than it may be. */
  async listOverdue(tx: Transaction, now: Date, limit: number): Promise<ConnectionRef[]> {
    const rows: RefRow[] = await tx.query(
      `select org_id, connection_id from connections where slots_end_at <= $1
       union
       select org_id, connection_id from connections where lifecycle = 'deleted' and destroyed_at is null and undelete_until <= $1
       limit $2`,
      [now, limit],
    );
    return rows.map(refOf);
  }
}

function refOf({ org_id, connection_id }: RefRow): ConnectionRef {
  return { organizationId: org_id, connectionId: connection_id };
}
