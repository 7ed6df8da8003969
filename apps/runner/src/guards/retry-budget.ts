import { monotonicClock, type Clock } from './clock.ts';
import { RecentMap } from './recent-map.ts';

/** A provider just met may be retried at once: three calls that meet a restart must not all fail for want of traffic. */
const FIRST_RETRIES = 3;
/** What a healthy hour saves up is no leave for a storm: the retries of two hundred calls at ten percent. */
const MOST_RETRIES = 20;
/** A provider that is rarely called starts anew each time, and with that has its first retries. */
const KEPT = { idleMs: 60_000, maxKeys: 100_000 };

/** Retries of a provider are a part of its traffic, so that whoever struggles is not asked twice as much. */
export class RetryBudget {
  readonly #budgets: RecentMap<{ retries: number }>;

  /** `part` of the first attempts, 0 to 1. */
  constructor(
    private readonly part: number,
    clock: Clock = monotonicClock,
  ) {
    this.#budgets = new RecentMap(KEPT, clock);
  }

  /** A first attempt was made. */
  attemptSeen(key: string): void {
    const budget = this.#of(key);
    budget.retries = Math.min(MOST_RETRIES, budget.retries + this.part);
  }

  /** Takes nothing: whether there is a retry is decided by more than its budget. */
  mayRetry(key: string): boolean {
    return this.#of(key).retries >= 1;
  }

  /** A retry is made. */
  retrySeen(key: string): void {
    this.#of(key).retries--;
  }

  #of(key: string): { retries: number } {
    return this.#budgets.at(key, () => ({ retries: this.part === 0 ? 0 : FIRST_RETRIES }));
  }
}
