import { reduce, TRANSITIONS, type TerminalStatus } from '../domain/state.ts';
import { brokenConsents } from './check-consents.ts';
import type { History, Told } from './history.ts';

/** An answer is promised by the deadline and this. */
const ANSWER_GRACE_MS = 100;
/** One terminal status is promised within the deadline and this. */
const END_GRACE_MS = 30_000;
/** What was sent just before the last moment of a run may still be under way: a look of a runner that was stopped, and then an outage. */
const UNDER_WAY_MS = 30_000;
/** What says that nothing happened. */
const DENIALS = new Set<string>(['failed', 'rejected', 'cancelled'] satisfies TerminalStatus[]);

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
function brokenWords(history: History): string[] {
  const doneBy = new Set(history.effects.map(({ request }) => request.invocationId));
  const told = history.told.filter(({ to }) => to.changesTheWorld).flatMap((one) => untruthOf(one, history, doneBy) ?? []);
  const recorded = [...history.tables.invocations.values()]
    .filter(({ status, invocationId }) => DENIALS.has(status) && doneBy.has(invocationId))
    .map(({ invocationId, status }) => `honest words: ${invocationId} is on record as ${status}, but it happened`);
  return [...told, ...recorded];
}

function untruthOf({ invocationId, status, at }: Told, { accepted, effects }: History, doneBy: Set<string>): string | undefined {
  const generations = new Map(accepted.map(({ invocation }) => [invocation.invocationId, invocation.intent]));
  const told = accepted.find(({ invocation }) => invocation.invocationId === invocationId)!.invocation;
  const done = effects.filter(({ key }) => key === told.intentKey);
  if (status === 'succeeded' && !done.some((effect) => effect.at <= at)) return `honest words: ${invocationId} was told succeeded without an effect`;
  if (status === 'rejected' && doneBy.has(invocationId)) return `honest words: ${invocationId} was told that nothing was sent, but it happened`;
  // Somebody who came later may have tried again what had come to nothing.
  const isEarlier = done.some(({ request }) => (generations.get(request.invocationId)?.generation ?? 1) <= (told.intent?.generation ?? 1));
  return status === 'failed' && isEarlier ? `honest words: ${invocationId} was told failed, but it happened` : undefined;
}

/** Every request that left has a record, unless its runner died. */
function brokenEvidence({ received, tables, endedAt, isQuiet }: History): string[] {
  const recorded = new Set(tables.attempts.map(({ requestId }) => requestId));
  return received
    .filter(({ at }) => isQuiet || at < endedAt - UNDER_WAY_MS)
    .filter(({ requestId, process }) => process.state !== 'dead' && !recorded.has(requestId))
    .map(({ requestId, kind, invocationId }) => `evidence: the ${kind} ${requestId} of ${invocationId} is not on record`);
}
