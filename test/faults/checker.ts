import { isTerminal, type Ask, type Period, type RecordedInvocation } from './history.ts';
import type { ProviderRequest } from './provider/request.ts';

/** Everything that is known of a run: what the edge saw, what the provider saw, and what the platform has on record. */
export interface History {
  asks: Ask[];
  requests: ProviderRequest[];
  records: RecordedInvocation[];
}

/** What a status claims of the world. `unknown` claims nothing; `rejected` speaks of one request only, see `contradictions`. */
const SAYS_DONE = new Set(['succeeded']);
const SAYS_NOT_DONE = new Set(['failed', 'cancelled']);

/** Functions whose name begins so only read: what they answer says nothing about effects. */
const READS = 'look';

/** The most effects that one intent had at the provider; 0 without any. */
export function mostEffects(requests: ProviderRequest[]): number {
  return most(countByTag(requests, ({ tookEffect }) => tookEffect));
}

/** The most often that the provider was asked for one intent, whether it took effect or not. */
export function mostRequests(requests: ProviderRequest[], kind: ProviderRequest['kind']): number {
  return most(countByTag(requests, (request) => request.kind === kind));
}

/** The most idempotency keys that were sent for one intent; a write without one counts as one more. */
export function mostKeys(requests: ProviderRequest[]): number {
  const keys = new Map<string, Set<string | null>>();
  for (const { kind, tag, idempotencyKey } of requests) if (kind === 'effect') keys.set(tag, (keys.get(tag) ?? new Set()).add(idempotencyKey));
  return Math.max(0, ...[...keys.values()].map(({ size }) => size));
}

/**
 * Statuses of writes that are not true: `succeeded` without an effect; `failed` or `cancelled` with one; `rejected`, and nothing
 * else, for an intent that had one.
 */
export function contradictions({ asks, requests, records }: History): string[] {
  const effects = countByTag(requests, ({ tookEffect }) => tookEffect);
  const told = statusesByTag(
    asks.filter(({ call }) => !call.function.startsWith(READS)),
    records.filter((record) => !record.function.startsWith(READS)),
  );
  return [...told].flatMap(([tag, statuses]) => {
    const happened = (effects.get(tag) ?? 0) > 0;
    const wrong = [...statuses].filter((status) => (happened ? SAYS_NOT_DONE : SAYS_DONE).has(status));
    if (happened && statuses.size === 1 && statuses.has('rejected')) wrong.push('rejected');
    return wrong.map((status) => `${tag}: ${status}, but the provider ${happened ? 'did it' : 'never did it'}`);
  });
}

/** Invocations on record that have not ended. */
export function unsettled(records: RecordedInvocation[]): string[] {
  return stillSo(records, ({ status }) => !isTerminal(status));
}

/** Writes on record as `unknown`, of functions of which the platform can ask the provider whether they happened. */
export function unverified(records: RecordedInvocation[], functionName: string): string[] {
  return stillSo(records, (record) => record.function === functionName && record.status === 'unknown');
}

/** Says of each also how the other invocations of its intent have ended: a repeat that was forgotten is another defect than a lost call. */
function stillSo(records: RecordedInvocation[], isSo: (record: RecordedInvocation) => boolean): string[] {
  return records.filter(isSo).map((record) => {
    const others = records.filter(({ tag, invocationId }) => tag === record.tag && invocationId !== record.invocationId);
    const ends = others.map(({ invocationId, status }) => `${invocationId} is ${status}`).join(', ');
    return `${record.invocationId} (${record.tag}) is ${record.status}; of the same intent: ${ends || 'nothing else'}`;
  });
}

/** Invocations that the edge was told of, and the record is not. */
export function unrecorded(asks: Ask[], records: RecordedInvocation[]): string[] {
  const known = new Set(records.map(({ invocationId }) => invocationId));
  const told = new Map(asks.flatMap(({ call, outcome }) => (outcome ? [[outcome.invocationId, call.arguments.tag]] : [])));
  return [...told].filter(([invocationId]) => !known.has(invocationId!)).map(([invocationId, tag]) => `${invocationId} (${tag})`);
}

/** Invocations with more than one end. Only `unknown` may become known later. */
export function changedEnds(asks: Ask[], records: RecordedInvocation[]): string[] {
  const ends = new Map<string, string[]>();
  const add = (invocationId: string, status: string) => {
    if (!isTerminal(status)) return;
    const seen = ends.get(invocationId) ?? [];
    if (seen.at(-1) !== status) ends.set(invocationId, [...seen, status]);
  };
  for (const { outcome } of asks.toSorted((a, b) => a.endedAtMs - b.endedAtMs)) if (outcome) add(outcome.invocationId, outcome.status);
  for (const { invocationId, status } of records) add(invocationId, status);
  return [...ends].filter(([, seen]) => !isOneEnd(seen)).map(([invocationId, seen]) => `${invocationId}: ${seen.join(' → ')}`);
}

function isOneEnd(seen: string[]): boolean {
  if (seen.length <= 1) return true;
  return seen.length === 2 && seen[0] === 'unknown' && ['succeeded', 'failed'].includes(seen[1]!);
}

/** Calls that came to be `unknown` although no request for them was under way in any of the periods. */
export function unknownOutside({ asks, records }: History, periods: Period[]): string[] {
  const unknown = new Set([
    ...asks.filter(({ outcome }) => outcome?.status === 'unknown').map(({ call }) => call.arguments.tag),
    ...records.filter(({ status }) => status === 'unknown').map(({ tag }) => tag),
  ]);
  const apartMs = new Map<string, number>();
  for (const ask of asks) {
    const { tag } = ask.call.arguments;
    apartMs.set(tag, Math.min(apartMs.get(tag) ?? Infinity, ...periods.map((period) => distanceMs(ask, period))));
  }
  return [...unknown].filter((tag) => (apartMs.get(tag) ?? Infinity) > 0).map((tag) => `${tag}: ${apartMs.get(tag) ?? 'never asked for'} ms apart`);
}

/** 0 for what was under way in the period. */
function distanceMs({ sentAtMs, endedAtMs }: Ask, { fromMs, untilMs }: Period): number {
  return Math.round(Math.max(0, sentAtMs - untilMs, fromMs - endedAtMs));
}

/** A deadline travels as the time that is left: it begins anew when the request has arrived. */
const WAY_MS = 100;

/** Requests that the provider got although every deadline of their call had passed: nobody waits for what they do. */
export function afterDeadline(asks: Ask[], requests: ProviderRequest[]): string[] {
  const deadlines = new Map<string, number>();
  for (const { call, sentAtMs, deadlineMs } of asks) {
    const { tag } = call.arguments;
    deadlines.set(tag, Math.max(deadlines.get(tag) ?? 0, sentAtMs + deadlineMs));
  }
  const lateMs = ({ tag, atMs }: ProviderRequest) => Math.round(atMs - (deadlines.get(tag) ?? Infinity));
  return requests
    .filter((request) => request.kind !== 'verify' && lateMs(request) > WAY_MS)
    .map((request) => `${request.tag}: ${lateMs(request)} ms late`);
}

/** Invocations that were `unknown` when they were answered and are known now, and of which the edge was not told. */
export function untold(asks: Ask[], records: RecordedInvocation[], told: ReadonlyMap<string, string>): string[] {
  const unknown = new Set(asks.filter(({ outcome }) => outcome?.status === 'unknown').map(({ outcome }) => outcome!.invocationId));
  const known = records.filter(({ invocationId, status }) => unknown.has(invocationId) && status !== 'unknown');
  const missing = known.filter(({ invocationId, status }) => told.get(invocationId) !== status);
  return missing.map(({ invocationId, tag, status }) => `${invocationId} (${tag}) is ${status}, told was ${told.get(invocationId) ?? 'nothing'}`);
}

/** Calls that never got an outcome that has ended, however often they were asked for. */
export function unanswered(asks: Ask[]): string[] {
  const answered = new Set(asks.filter(({ outcome }) => outcome && isTerminal(outcome.status)).map(({ call }) => call.toolCallId));
  const last = new Map(asks.map(({ call, problem, outcome }) => [call.toolCallId, problem ?? outcome?.status]));
  return [...last].filter(([toolCallId]) => !answered.has(toolCallId)).map(([toolCallId, why]) => `${toolCallId}: ${why}`);
}

/** How long after its deadline the slowest outcome came, in milliseconds; an outcome that never came is infinitely late. */
export function mostLateMs(asks: Ask[]): number {
  return Math.max(...asks.map(({ sentAtMs, endedAtMs, deadlineMs, outcome }) => (outcome ? endedAtMs - sentAtMs - deadlineMs : Infinity)));
}

/** Outcomes whose status is none of the expected ones. */
export function unexpected(asks: Ask[], expected: readonly string[]): string[] {
  return asks
    .filter(({ outcome }) => !expected.includes(outcome?.status ?? ''))
    .map(({ call, outcome, problem }) => `${call.toolCallId}: ${outcome ? `${outcome.status} ${outcome.code ?? ''}` : problem}`);
}

/** The longest time between two outcomes, in milliseconds, from `fromMs` on. */
export function longestGapMs(asks: Ask[], { fromMs, untilMs }: Period): number {
  const times = asks.filter(({ outcome }) => outcome).map(({ endedAtMs }) => endedAtMs);
  const inside = times.filter((at) => at > fromMs && at < untilMs).toSorted((a, b) => a - b);
  return Math.max(...[...inside, untilMs].map((at, index) => at - (inside[index - 1] ?? fromMs)));
}

function countByTag(requests: ProviderRequest[], counts: (request: ProviderRequest) => boolean): Map<string, number> {
  const found = new Map<string, number>();
  for (const request of requests) if (counts(request)) found.set(request.tag, (found.get(request.tag) ?? 0) + 1);
  return found;
}

function statusesByTag(asks: Ask[], records: RecordedInvocation[]): Map<string, Set<string>> {
  const told = new Map<string, Set<string>>();
  const add = (tag: string, status: string) => told.set(tag, (told.get(tag) ?? new Set()).add(status));
  for (const { call, outcome } of asks) if (outcome) add(call.arguments.tag, outcome.status);
  for (const { tag, status } of records) add(tag, status);
  return told;
}

function most(counts: Map<string, number>): number {
  return Math.max(0, ...counts.values());
}
