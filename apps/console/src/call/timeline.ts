import type { Session, TimelineEntry } from '@patchbay/contracts/calls';

export interface Timeline {
  session: Session;
  entries: TimelineEntry[];
  /** Where what is not here yet begins; null when nothing is left. */
  next: string | null;
}
export type TurnEntry = Extract<TimelineEntry, { kind: 'turn' }>;
export type InvocationEntry = Extract<TimelineEntry, { kind: 'invocation' }>;
export type ClaimEntry = Extract<TimelineEntry, { kind: 'claim' }>;
export type InvocationStatus = InvocationEntry['status'];

/** What of a call is listed. */
export type Selection = 'everything' | 'invocations' | 'problems';

/** An invocation is settled at most 30 s after its deadline; spans are exported a few seconds later still. */
const SETTLED_AFTER_MS = 60_000;

const UNSETTLED: ReadonlySet<InvocationStatus> = new Set(['running', 'pending']);
const PROBLEMS: ReadonlySet<InvocationStatus> = new Set(['rejected', 'failed', 'unknown']);

const NO_EVIDENCE = { intentId: null, decisions: [], origins: {}, consent: null, replayOf: null, seal: null };
const PLAIN_ATTEMPT = { kind: 'request', wireBytes: null, missingFields: [], providerMessageId: null, curl: null } as const;

/** The call with every field that the pages read: while a release goes out, a runner of the one before it still sends fewer. */
export function completed({ session, entries, next }: Partial<Pick<Timeline, 'next'>> & Omit<Timeline, 'next'>): Timeline {
  return {
    session,
    next: next ?? null,
    entries: entries.map((entry) =>
      entry.kind === 'invocation'
        ? { ...NO_EVIDENCE, ...entry, attempts: entry.attempts.map((attempt) => ({ ...PLAIN_ATTEMPT, ...attempt })) }
        : entry,
    ),
  };
}

/** Whether nothing more of this call can change. */
export function isSettled({ session, entries }: Omit<Timeline, 'next'>, nowMs: number): boolean {
  if (session.endedAt === null || nowMs - Date.parse(session.endedAt) < SETTLED_AFTER_MS) return false;
  return !entries.some((entry) => entry.kind === 'invocation' && UNSETTLED.has(entry.status));
}

export function isProblem({ status }: InvocationEntry): boolean {
  return PROBLEMS.has(status);
}

export function select(entries: readonly TimelineEntry[], selection: Selection): readonly TimelineEntry[] {
  if (selection === 'everything') return entries;
  if (selection === 'invocations') return invocationsOf(entries);
  return entries.filter((entry) => entry.kind === 'claim' || (entry.kind === 'invocation' && isProblem(entry)));
}

export function invocationsOf(entries: readonly TimelineEntry[]): InvocationEntry[] {
  return entries.filter((entry) => entry.kind === 'invocation');
}

/** The invocations that took longest, the longest first; what still runs has no duration yet. */
export function slowest(
  entries: readonly TimelineEntry[],
  count: number,
): Array<InvocationEntry & { durationMs: number }> {
  const timed = invocationsOf(entries).filter((entry) => entry.durationMs !== null) as Array<
    InvocationEntry & { durationMs: number }
  >;
  return timed.sort((left, right) => right.durationMs - left.durationMs).slice(0, count);
}
