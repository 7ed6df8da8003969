import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { EffectClass } from '@patchbay/contracts/outcome';
import { CircuitBreaker, type BreakerRules, type BreakerState, type CallHealth, type Passage } from './circuit-breaker.ts';
import { monotonicClock, type Clock } from './clock.ts';
import { RecentMap } from './recent-map.ts';

export interface BreakerChange {
  key: string;
  from: BreakerState;
  to: BreakerState;
}
export type BreakerListener = (change: BreakerChange) => void;

/** How soon the menu learns that something may be tried again, beside the seconds that it was closed. */
const TICK_MS = 250;
/** Nobody has called this provider for so long that its trouble is no longer known. */
const FORGET_OPEN_MS = 600_000;
/** After that many windows without a call there is nothing left to forget. */
const KEPT_WINDOWS = 6;
const MOST_KEYS = 100_000;

/**
 * A breaker per key (`providerKey`). Once half-open, only a read finds out whether the provider is back, one at a time: a write that fails then
 * would be one more `unknown` at a caller's cost. Where no read comes, a single write may after a longer time, or the provider would stay shut out.
 */
export class CircuitBreakers implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #closed: RecentMap<CircuitBreaker>;
  readonly #tripped = new Map<string, CircuitBreaker>();
  readonly #listeners = new Set<BreakerListener>();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly rules: BreakerRules,
    private readonly clock: Clock = monotonicClock,
  ) {
    this.#closed = new RecentMap({ idleMs: KEPT_WINDOWS * rules.windowMs, maxKeys: MOST_KEYS }, clock);
  }

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => this.tick(), TICK_MS).unref();
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.#timer);
  }

  /** Asked before each request; whoever passes must `record`, also what was not sent after all (`ignored`). */
  enter(key: string, effect: EffectClass): Passage {
    const now = this.clock();
    const breaker = this.#at(key, now);
    if (breaker.state === 'closed') return breaker.enter(effect, now);
    return this.#watch(key, breaker, () => breaker.enter(effect, now));
  }

  record(key: string, health: CallHealth, { era }: { era: number }): void {
    const now = this.clock();
    const breaker = this.#at(key, now);
    if (health === 'success' && breaker.state === 'closed') return breaker.record(health, era, now);
    this.#watch(key, breaker, () => breaker.record(health, era, now));
  }

  state(key: string): BreakerState {
    return this.#tripped.get(key)?.state ?? 'closed';
  }

  /** Whose breakers are not closed. */
  trippedKeys(): string[] {
    return [...this.#tripped.keys()];
  }

  /** Hears of every change, synchronously, in the middle of a call: it must be quick and must not throw. Returns how to stop hearing. */
  onChange(listener: BreakerListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** What time alone changes: without a call nobody would notice that one may be tried again, and the menu would keep it away from the model. */
  tick(): void {
    const now = this.clock();
    for (const [key, breaker] of this.#tripped) {
      this.#watch(key, breaker, () => (now - breaker.openedAt >= FORGET_OPEN_MS ? breaker.close() : breaker.advance(now)));
    }
  }

  #at(key: string, now: number): CircuitBreaker {
    const tripped = this.#tripped.size > 0 ? this.#tripped.get(key) : undefined;
    return tripped ?? this.#closed.at(key, () => new CircuitBreaker(this.rules), now);
  }

  #watch<T>(key: string, breaker: CircuitBreaker, change: () => T): T {
    const from = breaker.state;
    const answer = change();
    const to = breaker.state;
    if (from === to) return answer;
    if (to === 'closed') {
      this.#tripped.delete(key);
      this.#closed.at(key, () => breaker);
    } else {
      this.#tripped.set(key, breaker);
    }
    for (const listener of this.#listeners) listener({ key, from, to });
    return answer;
  }
}
