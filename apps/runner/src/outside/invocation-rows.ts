import type { Outcome } from '@patchbay/contracts/outcome';
import type { Attempt, InvocationRecord } from '@patchbay/contracts/runner';
import type { Verdict } from '../domain/verdict.ts';
import type { Invocation } from '../pipeline/invocation.ts';
import type { AttemptTable } from '../tables/attempt.table.ts';
import type { IntentTable } from '../tables/intent.table.ts';
import type { InvocationFacts, InvocationTable } from '../tables/invocation.table.ts';
import type { PendingInvocationTable } from '../tables/pending-invocation.table.ts';
import type { CallRequest } from './call-events.ts';

/** Rows as they travel to PostgreSQL: one JSON parameter for a whole batch, whatever its size. */
export type InvocationRow = Omit<InvocationTable, 'received_at' | 'verify_at' | 'stored_at'> & { received_at: string; verify_in_ms: number | null };
export type AttemptRow = Omit<AttemptTable, 'started_at'> & { started_at: string };
export type IntentRow = Omit<IntentTable, 'received_at' | 'committed_at'> & { received_at: string };

export type StoredOutcome = InvocationTable & { sent: number };
export type StoredRecord = InvocationTable & { attempts: Attempt[] };

export function toRow(invocation: Invocation, verdict: Verdict): InvocationRow {
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
    arguments: invocation.arguments,
    status: verdict.status,
    verdict,
    trace_id: invocation.traceId,
    received_at: invocation.receivedAt.toISOString(),
    duration_ms: invocation.durationMs,
    attempt: invocation.intent?.generation ?? 1,
    facts: invocation.facts(),
    verify_in_ms: invocation.verifyInMs,
  };
}

/** The intent of a write, as it is committed before a byte is sent. */
export function toIntentRow(invocation: Invocation, runnerId: string): IntentRow {
  const { input, intent } = invocation;
  return {
    org_id: invocation.organizationId,
    session_id: input.sessionId,
    function: input.function,
    arguments_hash: intent!.argumentsHash,
    epoch: intent!.epoch,
    intent_id: intent!.intentId,
    generation: intent!.generation,
    invocation_id: invocation.invocationId,
    runner_id: runnerId,
    idempotency_key: input.idempotencyKey ?? null,
    edge_id: invocation.edgeId,
    turn_id: input.turnId,
    tool_call_id: input.toolCallId,
    effect: invocation.function!.effect,
    version_id: invocation.versionId,
    arguments: invocation.arguments,
    facts: invocation.facts(),
    trace_id: invocation.traceId,
    received_at: invocation.receivedAt.toISOString(),
  };
}

export function attemptRows({ organizationId, invocationId, attempts }: Pick<Invocation, 'organizationId' | 'invocationId' | 'attempts'>): AttemptRow[] {
  return attempts.map((evidence) => ({
    org_id: organizationId,
    invocation_id: invocationId,
    attempt: evidence.attempt,
    started_at: evidence.startedAt,
    evidence,
  }));
}

export function toRecord(row: StoredRecord, isIntact: boolean): InvocationRecord {
  return {
    invocationId: row.invocation_id,
    sessionId: row.session_id,
    turnId: row.turn_id,
    toolCallId: row.tool_call_id,
    function: row.function,
    effect: row.effect,
    arguments: row.facts?.shownArguments ?? row.arguments,
    ...row.verdict,
    status: row.status,
    receivedAt: row.received_at.toISOString(),
    durationMs: row.duration_ms,
    traceId: row.trace_id,
    attempts: row.attempts,
    intentId: row.facts?.intentId ?? null,
    decisions: row.facts?.decisions ?? [],
    origins: row.facts?.origins ?? {},
    consent: row.facts?.consent ?? null,
    replayOf: row.facts?.replayOf ?? null,
    seal: row.facts?.seal ? { ...row.facts.seal, intact: isIntact } : null,
  };
}

const LEFT_OUT = '[left out: the evidence of this invocation is larger than one message]';

/** The record without the texts of its attempts; how many bytes there were, it still says. */
export function withoutPreviews(record: InvocationRecord): InvocationRecord {
  const shorten = (text: string | null) => text && LEFT_OUT;
  const attempts = record.attempts.map((one) => ({
    ...one,
    requestPreview: shorten(one.requestPreview),
    responsePreview: shorten(one.responsePreview),
    curl: shorten(one.curl),
  }));
  return { ...record, attempts };
}

/** A write that is under way, from the ledger: it has no outcome yet. */
export function runningRecord(row: IntentTable): InvocationRecord {
  return {
    invocationId: row.invocation_id,
    sessionId: row.session_id,
    turnId: row.turn_id,
    toolCallId: row.tool_call_id,
    function: row.function,
    effect: row.effect,
    arguments: row.facts?.shownArguments ?? row.arguments,
    status: 'running',
    receivedAt: row.received_at.toISOString(),
    durationMs: null,
    traceId: row.trace_id,
    attempts: [],
    intentId: row.intent_id,
    decisions: row.facts?.decisions ?? [],
    origins: row.facts?.origins ?? {},
    consent: row.facts?.consent ?? null,
    replayOf: null,
    seal: null,
  };
}

type Told = Pick<StoredOutcome, 'invocation_id' | 'verdict' | 'sent' | 'duration_ms' | 'received_at' | 'trace_id'>;

/** The outcome of an invocation from its row. */
export function toOutcome(row: Told): Outcome {
  return {
    invocationId: row.invocation_id,
    ...(row.verdict ?? { status: 'unknown' as const }),
    replayed: false,
    attempts: row.sent,
    durationMs: row.duration_ms ?? Date.now() - row.received_at.getTime(),
    traceId: row.trace_id,
  };
}

/** What is known of an invocation before its end, whoever runs it. */
type Begun = Omit<PendingInvocationTable, 'runner_id' | 'facts' | 'poll' | 'poll_until'> & { facts: InvocationFacts | null };

/** Which request of which call it is about. */
export function requestOf(row: Pick<Begun, 'org_id' | 'edge_id' | 'session_id' | 'turn_id' | 'tool_call_id' | 'function' | 'invocation_id'>): CallRequest {
  const { org_id: organizationId, edge_id: edgeId, session_id: sessionId, turn_id: turnId, tool_call_id: toolCallId, invocation_id: invocationId } = row;
  return { organizationId, edgeId, sessionId, turnId, toolCallId, function: row.function, invocationId };
}

/** The end of an invocation that another runner had begun, from what is on record of its beginning. */
export function rowOfBegun(begun: Begun, verdict: Verdict, verifyInMs: number | null = null): InvocationRow {
  const { org_id, invocation_id, session_id, turn_id, edge_id, tool_call_id, effect, version_id, trace_id, generation, received_at } = begun;
  const facts = { decisions: [], origins: {}, consent: null, replayOf: null, seal: null, ...begun.facts, intentId: begun.intent_id };
  return {
    org_id,
    invocation_id,
    session_id,
    turn_id,
    edge_id,
    tool_call_id,
    function: begun.function,
    effect,
    version_id,
    arguments: begun.arguments,
    status: verdict.status,
    verdict,
    trace_id,
    received_at: received_at.toISOString(),
    duration_ms: Date.now() - received_at.getTime(),
    attempt: generation,
    facts,
    verify_in_ms: verifyInMs,
  };
}
