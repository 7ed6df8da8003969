import type { TimelineEntry } from '@patchbay/contracts/calls';
import type { InvocationRecord } from '@patchbay/contracts/runner';
import type { HeardTable } from '../tables/heard.table.ts';
import type { TurnTable } from '../tables/turn.table.ts';

/**
 * Turns in the order the edge counted them, each followed by the invocations it caused. Not sorted by time: turns carry the
 * edge's clock and invocations ours. An invocation whose turn was never reported comes last.
 */
export function timelineOf(
  turns: TurnTable[],
  invocations: InvocationRecord[],
  heard: Pick<HeardTable, 'invocation_id' | 'heard'>[],
): TimelineEntry[] {
  const heardOf = new Map(heard.map((row) => [row.invocation_id, row.heard]));
  const entryOf = (invocation: InvocationRecord): TimelineEntry => ({
    kind: 'invocation',
    at: invocation.receivedAt,
    heard: heardOf.get(invocation.invocationId) ?? null,
    ...invocation,
  });
  const caused = Map.groupBy(invocations, ({ turnId }) => turnId);
  const reported = new Set(turns.map(({ turn_id }) => turn_id));
  const told = turns.flatMap((turn) => [toEntry(turn), ...(caused.get(turn.turn_id) ?? []).map(entryOf)]);
  return [...told, ...invocations.filter(({ turnId }) => !reported.has(turnId)).map(entryOf)];
}

function toEntry(turn: TurnTable): TimelineEntry {
  return {
    kind: 'turn',
    at: turn.started_at.toISOString(),
    turnId: turn.turn_id,
    index: turn.index,
    role: turn.role,
    text: turn.text,
    endedAt: turn.ended_at.toISOString(),
    interrupted: turn.interrupted,
    traceId: turn.trace_id,
  };
}
