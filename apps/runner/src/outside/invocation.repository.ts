import { Injectable } from '@nestjs/common';
import type { Attempt, InvocationRecord } from '@patchbay/contracts/runner';
import type { Transaction } from '@patchbay/service-kit/database/database';
import { storableJson } from '@patchbay/service-kit/database/storable-json';
import type { Verdict } from '../domain/verdict.ts';
import type { Invocation } from '../pipeline/invocation.ts';
import type { AttemptTable } from '../tables/attempt.table.ts';
import type { InvocationTable } from '../tables/invocation.table.ts';

/** Rows as they travel to PostgreSQL: one JSON parameter for a whole batch, whatever its size. */
export type InvocationRow = Omit<InvocationTable, 'received_at'> & { received_at: string };
export type AttemptRow = Omit<AttemptTable, 'started_at'> & { started_at: string };

const INVOCATION_COLUMNS = `org_id text, invocation_id text, session_id text, turn_id text, edge_id text, tool_call_id text,
  function text, effect text, version_id text, arguments jsonb, status text, verdict jsonb, trace_id text,
  received_at timestamptz, duration_ms double precision, attempt integer`;
const ATTEMPT_COLUMNS = `org_id text, invocation_id text, attempt integer, started_at timestamptz, evidence jsonb`;

@Injectable()
export class InvocationRepository {
  /** Commits intents: the rows are `running` from now on. */
  async begin(tx: Transaction, rows: InvocationRow[]): Promise<void> {
    await tx.query(`insert into invocations select * from jsonb_to_recordset($1) as x(${INVOCATION_COLUMNS})`, [storableJson(rows)]);
  }

  /** Settles committed intents. Guarded by state and attempt: who comes late changes nothing. */
  async settle(tx: Transaction, rows: InvocationRow[], attempts: AttemptRow[]): Promise<void> {
    await tx.query(
      `with attempted as (
         insert into attempts select * from jsonb_to_recordset($2) as x(${ATTEMPT_COLUMNS}) on conflict do nothing
       )
       update invocations i set status = x.status, verdict = x.verdict, duration_ms = x.duration_ms
       from jsonb_to_recordset($1) as x(${INVOCATION_COLUMNS})
       where i.org_id = x.org_id and i.invocation_id = x.invocation_id and i.attempt = x.attempt and i.status = 'running'`,
      [storableJson(rows), storableJson(attempts)],
    );
  }

  /** Stores invocations that ended without a committed intent: reads, and whatever was refused. */
  async insertFinished(tx: Transaction, rows: InvocationRow[], attempts: AttemptRow[]): Promise<void> {
    await tx.query(
      `with attempted as (
         insert into attempts select * from jsonb_to_recordset($2) as x(${ATTEMPT_COLUMNS}) on conflict do nothing
       )
       insert into invocations select * from jsonb_to_recordset($1) as x(${INVOCATION_COLUMNS}) on conflict do nothing`,
      [storableJson(rows), storableJson(attempts)],
    );
  }

  async find(tx: Transaction, organizationId: string, edgeId: string, invocationId: string): Promise<(InvocationTable & { sent: number }) | null> {
    const rows: (InvocationTable & { sent: number })[] = await tx.query(
      `select i.*, (select count(*)::int from attempts a where a.org_id = i.org_id and a.invocation_id = i.invocation_id) as sent
       from invocations i where i.org_id = $1 and i.invocation_id = $2 and i.edge_id = $3`,
      [organizationId, invocationId, edgeId],
    );
    return rows[0] ?? null;
  }

  /** The invocations of a session with their attempts, oldest first; uses `invocations_session`. */
  async listBySession(tx: Transaction, organizationId: string, sessionId: string): Promise<(InvocationTable & { attempts: Attempt[] })[]> {
    return tx.query(
      `select i.*, coalesce((select jsonb_agg(a.evidence order by a.attempt) from attempts a
         where a.org_id = i.org_id and a.invocation_id = i.invocation_id), '[]') as attempts
       from invocations i where i.org_id = $1 and i.session_id = $2 order by i.invocation_id`,
      [organizationId, sessionId],
    );
  }

  async countRunning(tx: Transaction, organizationId: string, sessionId: string): Promise<number> {
    const rows: { count: number }[] = await tx.query(
      `select count(*)::int as count from invocations where org_id = $1 and session_id = $2 and status = 'running'`,
      [organizationId, sessionId],
    );
    return rows[0]?.count ?? 0;
  }
}

export function toRow(invocation: Invocation, verdict: Verdict | null): InvocationRow {
  const { input } = invocation;
  return {
    org_id: invocation.organizationId,
    invocation_id: invocation.invocationId,
    session_id: input.sessionId,
    turn_id: input.turnId,
    edge_id: invocation.edgeId,
    tool_call_id: input.toolCallId,
    function: input.function,
    effect: invocation.function?.effect ?? 'read',
    version_id: invocation.versionId,
    arguments: input.arguments,
    status: verdict?.status ?? 'running',
    verdict,
    trace_id: invocation.traceId,
    received_at: invocation.receivedAt.toISOString(),
    duration_ms: invocation.durationMs,
    attempt: 1,
  };
}

export function attemptRows({ organizationId, invocationId, attempts }: Invocation): AttemptRow[] {
  return attempts.map((evidence) => ({
    org_id: organizationId,
    invocation_id: invocationId,
    attempt: evidence.attempt,
    started_at: evidence.startedAt,
    evidence,
  }));
}

export function toRecord(row: InvocationTable & { attempts: Attempt[] }): InvocationRecord {
  return {
    invocationId: row.invocation_id,
    sessionId: row.session_id,
    turnId: row.turn_id,
    toolCallId: row.tool_call_id,
    function: row.function,
    effect: row.effect,
    arguments: row.arguments,
    ...row.verdict,
    status: row.status,
    receivedAt: row.received_at.toISOString(),
    durationMs: row.duration_ms,
    traceId: row.trace_id,
    attempts: row.attempts,
  };
}
