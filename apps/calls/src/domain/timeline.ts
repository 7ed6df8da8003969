import type { TimelineEntry } from '@patchbay/contracts/calls';
import type { InvocationRecord } from '@patchbay/contracts/runner';

export type TimelineTurn = Extract<TimelineEntry, { kind: 'turn' }>;
export type TimelineClaim = Extract<TimelineEntry, { kind: 'claim' }>;
export type Heard = Extract<TimelineEntry, { kind: 'invocation' }>['heard'];

/** What stands for an entry where a page ends; ids of edges and of ours may be alike. */
export function placeOf(entry: TimelineEntry): string {
  if (entry.kind === 'turn') return `turn.${entry.turnId}`;
  return entry.kind === 'claim' ? `claim.${entry.claimId}` : `invocation.${entry.invocationId}`;
}

/** The entries behind a place; null when it is no longer there. */
export function entriesAfter(entries: TimelineEntry[], place: string | undefined): TimelineEntry[] | null {
  if (place === undefined) return entries;
  const at = entries.findIndex((entry) => placeOf(entry) === place);
  return at === -1 ? null : entries.slice(at + 1);
}

/**
 * Turns in the order the edge counted them, each followed by what it claimed without backing and by the invocations it caused. Not
 * sorted by time: turns carry the edge's clock and invocations ours. An invocation whose turn was never reported comes last.
 */
export function timelineOf(
  turns: TimelineTurn[],
  invocations: InvocationRecord[],
  heard: ReadonlyMap<string, Heard>,
  claims: TimelineClaim[],
): TimelineEntry[] {
  const entryOf = (invocation: InvocationRecord): TimelineEntry => ({
    kind: 'invocation',
    at: invocation.receivedAt,
    heard: heard.get(invocation.invocationId) ?? null,
    ...invocation,
  });
  const caused = Map.groupBy(invocations, ({ turnId }) => turnId);
  const claimed = Map.groupBy(claims, ({ turnId }) => turnId);
  const reported = new Set(turns.map(({ turnId }) => turnId));
  const told = turns.flatMap((turn) => [turn, ...(claimed.get(turn.turnId) ?? []), ...(caused.get(turn.turnId) ?? []).map(entryOf)]);
  return [...told, ...invocations.filter(({ turnId }) => !reported.has(turnId)).map(entryOf)];
}
