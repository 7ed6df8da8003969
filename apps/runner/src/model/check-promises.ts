import { keyOf } from './rows.ts';
import { reduce, TRANSITIONS, type TerminalStatus } from '../domain/state.ts';
import { brokenConsents } from './check-consents.ts';
import type { History } from './history.ts';

/** An answer is promised by the deadline and this. */
const ANSWER_GRACE_MS = 100;
/** One terminal status is promised within the deadline and this. */
const END_GRACE_MS = 30_000;
const TERMINAL = new Set<string>(['succeeded', 'failed', 'rejected', 'cancelled', 'unknown'] satisfies TerminalStatus[]);

/** The promises that a history breaks, in words; none when it keeps all. */
export function brokenPromises(history: History): string[] {
  return [
    ...brokenEnds(history),
    ...brokenTransitions(history),
    ...brokenAnswers(history),
    ...brokenEffects(history),
    ...brokenConsents(history),
    ...brokenWords(history),
    ...brokenEvidence(history),
  ];
}

/** Accepted is what a living runner has, and every write that reached the ledger. */
function brokenEnds({ accepted, tables, endedAt }: History): string[] {
  const broken: string[] = [];
  const endedBy = new Map(tables.changes.filter(({ from }) => from === 'dispatched').map(({ invocationId, at }) => [invocationId, at]));
  const own = new Map(tables.intents.map((intent) => [intent.invocationId, intent]));
  for (const { invocation, process, at } of accepted) {
    const { invocationId, deadlineAt, goesOn, input } = invocation;
    if (!own.has(invocationId) && (process.disturbedAt >= at || invocation.repeated || invocation.verdict?.status === 'needs_confirmation')) continue;
    const byMs = deadlineAt + (goesOn ? input.function.timeoutMs : 0) + END_GRACE_MS;
    const endedAtMs = endedBy.get(invocationId);
    if (endedAtMs === undefined && byMs <= endedAt) broken.push(`one terminal status: ${invocationId} never ended`);
    if (endedAtMs !== undefined && endedAtMs > byMs) broken.push(`one terminal status: ${invocationId} ended ${endedAtMs - byMs} ms late`);
  }
  return broken;
}

/** Each status follows from the one before as the state machine says. */
function brokenTransitions({ tables }: History): string[] {
  return tables.changes
    .filter(({ from, to, event }) => reduce(from, event) !== to || !TRANSITIONS[from].includes(to))
    .map(({ invocationId, from, to }) => `one terminal status: ${invocationId} went from ${from} to ${to}`);
}

function brokenAnswers({ accepted, told }: History): string[] {
  const firstTold = new Map<unknown, number>();
  for (const { to, at } of told) if (!firstTold.has(to)) firstTold.set(to, at);
  return accepted.flatMap(({ invocation, at, process }) => {
    const answeredAt = firstTold.get(invocation) ?? Number.POSITIVE_INFINITY;
    const isLate = answeredAt > invocation.deadlineAt + ANSWER_GRACE_MS;
    return isLate && process.disturbedAt < at ? [`an answer in time: ${invocation.invocationId} was answered at ${answeredAt}`] : [];
  });
}

function brokenEffects({ effects }: History): string[] {
  const counts = new Map<string, number>();
  for (const { key } of effects) counts.set(key, (counts.get(key) ?? 0) + 1);
  return [...counts].filter(([, count]) => count > 1).map(([key, count]) => `one effect per intent: ${count} of ${key}`);
}

/** What is told of an intent, and what is on record at the end, is so. */
function brokenWords({ accepted, told, effects, tables, received }: History): string[] {
  const broken: string[] = [];
  const doneBy = new Map<string, number>();
  for (const { request, at } of effects) doneBy.set(request.invocationId, Math.min(at, doneBy.get(request.invocationId) ?? at));
  const keyBy = new Map(received.filter(({ intent, kind }) => intent && kind === 'request').map(({ invocationId, intent }) => [invocationId, keyOf(intent!)]));
  // Somebody who came later may have tried again what was known to have failed.
  const decidedAt = new Map(accepted.map(({ invocation }) => [invocation.invocationId, invocation.decidedAt]));
  const doneKeys = new Map(effects.map(({ key, at }) => [key, at]));
  for (const { invocationId, status, at, to } of told) {
    if (!to.changesTheWorld) continue;
    const key = keyBy.get(invocationId);
    const doneAt = key === undefined ? undefined : doneKeys.get(key);
    if (status === 'succeeded' && (doneAt === undefined || doneAt > at)) broken.push(`honest words: ${invocationId} was told succeeded without an effect`);
    if (status === 'failed' && doneAt !== undefined && doneAt <= decidedAt.get(invocationId)!) broken.push(`honest words: ${invocationId} was told failed, but it had happened`);
    if (status === 'rejected' && doneBy.has(invocationId)) broken.push(`honest words: ${invocationId} was told that nothing was sent, but it happened`);
  }
  for (const { invocationId, status } of tables.invocations.values()) {
    if (TERMINAL.has(status) && status !== 'succeeded' && status !== 'unknown' && doneBy.has(invocationId)) {
      broken.push(`honest words: ${invocationId} is on record as ${status}, but it happened`);
    }
  }
  return broken;
}

/** Every request that left has a record, unless its runner died. */
function brokenEvidence({ received, tables }: History): string[] {
  const recorded = new Set(tables.attempts.map(({ requestId }) => requestId));
  return received
    .filter(({ requestId, process }) => process.state !== 'dead' && !recorded.has(requestId))
    .map(({ requestId, kind, invocationId }) => `evidence: the ${kind} ${requestId} of ${invocationId} is not on record`);
}
