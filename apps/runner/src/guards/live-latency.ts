import { monotonicClock, type Clock } from './clock.ts';
import { RecentMap } from './recent-map.ts';

/** Odd, so that the middle is one of them; a minute or so of a busy function, and follows a provider that turned slow within half of it. */
const KEPT_CALLS = 31;
/** Fewer are an accident. */
const LEAST_CALLS = 5;
/** The middle of 31 hardly moves in four calls, and sorting is the dear part. */
const SORT_EVERY = 4;
const KEPT = { idleMs: 3_600_000, maxKeys: 10_000 };

class RecentCalls {
  readonly durationsMs = new Float64Array(KEPT_CALLS);
  count = 0;
  sortedAt = 0;
  p50Ms: number | null = null;
}

/** How long a function takes these days, as this process has seen it. */
export class LiveLatency {
  readonly #functions: RecentMap<RecentCalls>;

  constructor(clock: Clock = monotonicClock) {
    this.#functions = new RecentMap(KEPT, clock);
  }

  /** A request that ran into its timeout belongs here as well: it took at least that long. */
  record(key: string, durationMs: number): void {
    const calls = this.#functions.at(key, () => new RecentCalls());
    calls.durationsMs[calls.count++ % KEPT_CALLS] = durationMs;
  }

  /** The median in milliseconds, at most three calls old; null while too little is known. */
  p50(key: string): number | null {
    const calls = this.#functions.find(key);
    if (calls === undefined || calls.count < LEAST_CALLS) return null;
    if (calls.p50Ms === null || calls.count - calls.sortedAt >= SORT_EVERY) {
      const sorted = calls.durationsMs.slice(0, calls.count).sort();
      calls.p50Ms = sorted[Math.floor(sorted.length / 2)]!;
      calls.sortedAt = calls.count;
    }
    return calls.p50Ms;
  }
}
