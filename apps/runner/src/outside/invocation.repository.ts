import { Injectable } from '@nestjs/common';
import type { Outcome } from '@patchbay/contracts/outcome';
import type { InvocationRecord } from '@patchbay/contracts/runner';
import type { Transaction } from '@patchbay/service-kit/database/database';
import { storableJson } from '@patchbay/service-kit/database/storable-json';
import { toOutcome, toRecord, type AttemptRow, type InvocationRow, type StoredOutcome, type StoredRecord } from './invocation-rows.ts';

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

  /** The outcome as it stands, for the edge that asked. */
  async findOutcome(tx: Transaction, organizationId: string, edgeId: string, invocationId: string): Promise<Outcome | null> {
    const rows: StoredOutcome[] = await tx.query(
      `select i.*, (select count(*)::int from attempts a where a.org_id = i.org_id and a.invocation_id = i.invocation_id) as sent
       from invocations i where i.org_id = $1 and i.invocation_id = $2 and i.edge_id = $3`,
      [organizationId, invocationId, edgeId],
    );
    return rows[0] ? toOutcome(rows[0]) : null;
  }

  /** The invocations of a session with their attempts, oldest first; uses `invocations_session`. */
  async listBySession(tx: Transaction, organizationId: string, sessionId: string): Promise<InvocationRecord[]> {
    const rows: StoredRecord[] = await tx.query(
      `select i.*, coalesce((select jsonb_agg(a.evidence order by a.attempt) from attempts a
         where a.org_id = i.org_id and a.invocation_id = i.invocation_id), '[]') as attempts
       from invocations i where i.org_id = $1 and i.session_id = $2 order by i.invocation_id`,
      [organizationId, sessionId],
    );
    return rows.map(toRecord);
  }

  async countRunning(tx: Transaction, organizationId: string, sessionId: string): Promise<number> {
    const rows: { count: number }[] = await tx.query(
      `select count(*)::int as count from invocations where org_id = $1 and session_id = $2 and status = 'running'`,
      [organizationId, sessionId],
    );
    return rows[0]?.count ?? 0;
  }
}
