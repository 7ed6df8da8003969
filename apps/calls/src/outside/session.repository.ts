import { Injectable } from '@nestjs/common';
import type { Session } from '@patchbay/contracts/calls';
import type { Transaction } from '@patchbay/service-kit/database/database';
import { SessionTable } from '../tables/session.table.ts';

type SessionRow = SessionTable & { turns: number };

const WITH_TURNS = `select s.*, (select count(*)::int from turns t where t.org_id = s.org_id and t.session_id = s.session_id) as turns from sessions s`;

@Injectable()
export class SessionRepository {
  async insert(tx: Transaction, row: Omit<SessionTable, 'ended_at' | 'end_reason'>): Promise<void> {
    await tx.insert(SessionTable, row as never);
  }

  async find(tx: Transaction, organizationId: string, sessionId: string): Promise<Session | null> {
    const rows: SessionRow[] = await tx.query(`${WITH_TURNS} where s.org_id = $1 and s.session_id = $2`, [
      organizationId,
      sessionId,
    ]);
    return rows[0] ? toSession(rows[0]) : null;
  }

  async findRow(tx: Transaction, organizationId: string, sessionId: string): Promise<SessionTable | null> {
    return tx.findOneBy(SessionTable, { org_id: organizationId, session_id: sessionId });
  }

  /** Newest first; ids sort by time. */
  async list(tx: Transaction, organizationId: string, limit: number, before: string | null): Promise<Session[]> {
    const rows: SessionRow[] = await tx.query(
      `${WITH_TURNS} where s.org_id = $1 and ($2::text is null or s.session_id < $2) order by s.session_id desc limit $3`,
      [organizationId, before, limit],
    );
    return rows.map(toSession);
  }

  /** Ends a live session; false when it was not live, so that two callers cannot both end it. */
  async end(tx: Transaction, organizationId: string, sessionId: string, reason: string, endedAt: Date): Promise<boolean> {
    const [rows] = (await tx.query(
      `update sessions set state = 'ended', ended_at = $3, end_reason = $4
       where org_id = $1 and session_id = $2 and state = 'live' returning session_id`,
      [organizationId, sessionId, endedAt, reason],
    )) as [unknown[], number];
    return rows.length > 0;
  }

  async listLive(tx: Transaction): Promise<SessionTable[]> {
    return tx.query(`select * from sessions where state = 'live' order by session_id`);
  }

  /** Live sessions past their longest duration: their edge never said that they ended. */
  async listOverdue(tx: Transaction, now: Date): Promise<SessionTable[]> {
    return tx.query(
      `select * from sessions where state = 'live' and started_at < $1::timestamptz - max_duration_ms * interval '1 ms' limit 100`,
      [now],
    );
  }
}

function toSession(row: SessionRow): Session {
  return {
    sessionId: row.session_id,
    edgeId: row.edge_id,
    agentId: row.agent_id,
    agentName: row.agent_name,
    agentVersion: row.version_id,
    channel: row.channel,
    direction: row.direction,
    callerNumber: row.caller_number,
    calledNumber: row.called_number,
    edgeCallId: row.edge_call_id,
    state: row.state,
    startedAt: row.started_at.toISOString(),
    endedAt: row.ended_at?.toISOString() ?? null,
    endReason: row.end_reason,
    turns: row.turns,
  };
}
