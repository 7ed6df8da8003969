import type { Outcome } from '@patchbay/contracts/outcome';
import type { Attempt, InvocationRecord } from '@patchbay/contracts/runner';
import type { Verdict } from '../domain/verdict.ts';
import type { Invocation } from '../pipeline/invocation.ts';
import type { AttemptTable } from '../tables/attempt.table.ts';
import type { InvocationTable } from '../tables/invocation.table.ts';

/** Rows as they travel to PostgreSQL: one JSON parameter for a whole batch, whatever its size. */
export type InvocationRow = Omit<InvocationTable, 'received_at'> & { received_at: string };
export type AttemptRow = Omit<AttemptTable, 'started_at'> & { started_at: string };

export type StoredOutcome = InvocationTable & { sent: number };
export type StoredRecord = InvocationTable & { attempts: Attempt[] };

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

export function toRecord(row: StoredRecord): InvocationRecord {
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

/** The outcome of an invocation from its row; one that runs elsewhere is `pending`. */
export function toOutcome(row: StoredOutcome): Outcome {
  return {
    invocationId: row.invocation_id,
    ...(row.verdict ?? { status: 'pending' as const }),
    replayed: false,
    attempts: row.sent,
    durationMs: row.duration_ms ?? Date.now() - row.received_at.getTime(),
    traceId: row.trace_id,
  };
}
