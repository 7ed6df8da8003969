import { Injectable } from '@nestjs/common';
import type { calls, RecordedTurn } from '@patchbay/contracts/calls';
import type { ReplyOf } from '@patchbay/contracts/define';
import type { Transaction } from '@patchbay/service-kit/database/database';
import { runInOrganization } from '@patchbay/service-kit/database/organization';
import type { DataSource } from 'typeorm';
import type { TimelineTurn } from '../domain/timeline.ts';
import { TurnTable } from '../tables/turn.table.ts';

export type NewTurn = Omit<TurnTable, 'received_at' | 'position' | 'reports'>;
type RecordedTurns = ReplyOf<typeof calls.listTurns>;

const RECORD = {
  name: 'record_turn',
  text: `insert into turns (org_id, session_id, turn_id, index, role, text, started_at, ended_at, interrupted, timings, trace_id)
    select s.org_id, s.session_id, $4, $5, $6, $7, $8, $9, $10, $11, $12 from (
      select org_id, session_id from sessions
      where org_id = $1 and session_id = $2 and edge_id = $3 and state = 'live' for no key update
    ) s
    on conflict (org_id, session_id, turn_id) do update
      set text = excluded.text, ended_at = excluded.ended_at, interrupted = excluded.interrupted, timings = excluded.timings,
          reports = turns.reports + 1
    returning reports`,
};

const LIST_AFTER = {
  name: 'list_turns_after',
  text: `select t.*, n.position as newest
    from (select coalesce(max(position), 0) as position from turns where org_id = $1 and session_id = $2) n
    left join turns t on t.org_id = $1 and t.session_id = $2 and t.position > $3
    order by t.position`,
};

@Injectable()
export class TurnRepository {
  /**
   * Writes a turn of a live session of this edge; the last report of a turn wins. Answers how often it was reported, 0 when there is no
   * such session: one statement and one round trip, because every utterance of every call passes here. The session is locked before the position is
   * drawn, so that positions of one session become visible in their order: who has read up to one has missed none before it.
   */
  async record(source: DataSource, edgeId: string, turn: NewTurn): Promise<number> {
    const { rows } = await runInOrganization<{ reports: number }>(source, turn.org_id, RECORD, [
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
    ]);
    return rows[0]?.reports ?? 0;
  }

  /** The turns recorded after a position, and the newest position of all, as of one moment. */
  async listAfter(source: DataSource, organizationId: string, sessionId: string, position: number): Promise<RecordedTurns> {
    const values = [organizationId, sessionId, position];
    const { rows } = await runInOrganization<TurnTable & { newest: string }>(source, organizationId, LIST_AFTER, values);
    return { turns: rows.filter(({ turn_id }) => turn_id !== null).map(toRecordedTurn), position: Number(rows[0]?.newest ?? 0) };
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

function toRecordedTurn(row: TurnTable): RecordedTurn {
  return {
    turnId: row.turn_id,
    index: row.index,
    role: row.role,
    text: row.text,
    interrupted: row.interrupted,
    startedAt: row.started_at.toISOString(),
    endedAt: row.ended_at.toISOString(),
    recordedAt: row.received_at.toISOString(),
    position: Number(row.position),
  };
}
