import { Injectable } from '@nestjs/common';
import type { Transaction } from '@patchbay/service-kit/database/database';
import type { TimelineTurn } from '../domain/timeline.ts';
import { TurnTable } from '../tables/turn.table.ts';

@Injectable()
export class TurnRepository {
  /**
   * Writes a turn of a live session of this edge; the last report of a turn wins. False when there is no such session:
   * one statement, because every utterance of every call passes here.
   */
  async record(tx: Transaction, edgeId: string, turn: Omit<TurnTable, 'received_at'>): Promise<boolean> {
    const rows: unknown[] = await tx.query(
      `insert into turns (org_id, session_id, turn_id, index, role, text, started_at, ended_at, interrupted, timings, trace_id)
       select s.org_id, s.session_id, $4, $5, $6, $7, $8, $9, $10, $11, $12 from sessions s
       where s.org_id = $1 and s.session_id = $2 and s.edge_id = $3 and s.state = 'live'
       on conflict (org_id, session_id, turn_id) do update
         set text = excluded.text, ended_at = excluded.ended_at, interrupted = excluded.interrupted, timings = excluded.timings
       returning turn_id`,
      [
        turn.org_id,
        turn.session_id,
        edgeId,
        turn.turn_id,
        turn.index,
        turn.role,
        turn.text,
        turn.started_at,
        turn.ended_at,
        turn.interrupted,
        turn.timings,
        turn.trace_id,
      ],
    );
    return rows.length > 0;
  }

  async list(tx: Transaction, organizationId: string, sessionId: string): Promise<TimelineTurn[]> {
    const rows = await tx.find(TurnTable, { where: { org_id: organizationId, session_id: sessionId }, order: { index: 'ASC' } });
    return rows.map(toTimelineTurn);
  }
}

function toTimelineTurn(row: TurnTable): TimelineTurn {
  return {
    kind: 'turn',
    at: row.started_at.toISOString(),
    turnId: row.turn_id,
    index: row.index,
    role: row.role,
    text: row.text,
    endedAt: row.ended_at.toISOString(),
    interrupted: row.interrupted,
    traceId: row.trace_id,
  };
}
