import { setTimeout as wait } from 'node:timers/promises';
import type { Caller } from './contenders/contender.ts';
import { percentile } from './statistics.ts';

/** Whatever the clock says, a cell ends here: the load is bounded in count too. */
export const MOST_CALLS = 200_000;
/** So many calls of a cell are remembered by their trace, to look later whether it arrived. */
const REMEMBERED_TRACES = 20;

export interface LoadOptions {
  concurrency: number;
  forMs: number;
  /** The lanes begin one after the other over this time: begun at once, calls to a slow provider would stay a crowd. */
  spreadMs?: number;
  /** So many calls at most, whatever the time. */
  most?: number;
}

export interface LoadSample {
  calls: number;
  elapsedMs: number;
  p50Ms: number;
  p99Ms: number;
  perSecond: number;
  /** A few of the calls, spread over the time. */
  traceIds: string[];
}

/**
 * Keeps `concurrency` calls in flight until the time is over, then waits for the last answers. The first call that does
 * not succeed stops all lanes and rejects: a run with failures has no figures.
 */
export async function runClosedLoop(
  caller: Pick<Caller, 'call'>,
  { concurrency, forMs, spreadMs = 0, most = MOST_CALLS }: LoadOptions,
): Promise<LoadSample> {
  const latenciesMs: number[] = [];
  const traceIds: string[] = [];
  const startedAt = performance.now();
  const endsAt = startedAt + forMs;
  let begun = 0;
  let rememberAt = startedAt;
  let failed = false;

  async function work(lane: number): Promise<void> {
    if (spreadMs > 0) await wait((spreadMs * lane) / concurrency);
    while (!failed && begun < most) {
      const calledAt = performance.now();
      if (calledAt >= endsAt) return;
      begun++;
      const traceId = await caller.call(lane);
      latenciesMs.push(performance.now() - calledAt);
      if (traceId !== null && calledAt >= rememberAt) {
        traceIds.push(traceId);
        rememberAt = calledAt + forMs / REMEMBERED_TRACES;
      }
    }
  }

  const lanes = Array.from({ length: concurrency }, (_, lane) =>
    work(lane).catch((error: unknown) => {
      failed = true;
      throw error;
    }),
  );
  const settled = await Promise.allSettled(lanes);
  const elapsedMs = performance.now() - startedAt;
  const failure = settled.find((lane) => lane.status === 'rejected');
  if (failure) throw failure.reason;
  const sorted = Float64Array.from(latenciesMs).sort();
  return {
    calls: sorted.length,
    elapsedMs,
    p50Ms: percentile(sorted, 0.5),
    p99Ms: percentile(sorted, 0.99),
    perSecond: (sorted.length * 1000) / elapsedMs,
    traceIds,
  };
}
