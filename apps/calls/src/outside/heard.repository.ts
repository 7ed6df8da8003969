import { Injectable } from '@nestjs/common';
import type { Transaction } from '@patchbay/service-kit/database/database';
import type { Heard } from '../domain/timeline.ts';
import { HeardTable } from '../tables/heard.table.ts';

@Injectable()
export class HeardRepository {
  /** The last report wins, but what was heard in full stays heard, whatever comes of its repetition. Answers what stands. */
  async record(tx: Transaction, row: Omit<HeardTable, 'received_at'>): Promise<HeardTable['heard']> {
    const rows: Pick<HeardTable, 'heard'>[] = await tx.query(
      `insert into heard (org_id, session_id, invocation_id, turn_id, heard) values ($1, $2, $3, $4, $5)
       on conflict (org_id, session_id, invocation_id) do update
         set heard = excluded.heard, turn_id = excluded.turn_id, received_at = now() where heard.heard <> 'full'
       returning heard`,
      [row.org_id, row.session_id, row.invocation_id, row.turn_id, row.heard],
    );
    return rows[0]?.heard ?? 'full';
  }

  /** By invocation. */
  async list(tx: Transaction, organizationId: string, sessionId: string): Promise<Map<string, Heard>> {
    const rows = await tx.findBy(HeardTable, { org_id: organizationId, session_id: sessionId });
    return new Map(rows.map(({ invocation_id, heard }) => [invocation_id, heard]));
  }
}
