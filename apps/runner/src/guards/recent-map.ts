import { monotonicClock, type Clock } from './clock.ts';

export interface RecentMapRules {
  /** What was not asked for in this long is forgotten, at the latest after twice as long. */
  idleMs: number;
  /** With more than this, the longest unused half is forgotten earlier. */
  maxKeys: number;
}

/**
 * State by key that is only worth keeping while it is used. Two generations instead of a timer or an ordered list: whatever is asked for moves
 * into the young one, and the old one is dropped as a whole, so that a look-up costs the same however many keys there are.
 */
export class RecentMap<V extends object> {
  #young = new Map<string, V>();
  #old = new Map<string, V>();
  #turnedAt: number;

  constructor(
    private readonly rules: RecentMapRules,
    private readonly clock: Clock = monotonicClock,
  ) {
    this.#turnedAt = clock();
  }

  get size(): number {
    return this.#young.size + this.#old.size;
  }

  /** What is known of the key; made when nothing is. `now` is the clock's, for callers who have read it already. */
  at(key: string, make: () => V, now = this.clock()): V {
    const known = this.find(key, now);
    if (known !== undefined) return known;
    const made = make();
    this.#keep(key, made, now);
    return made;
  }

  find(key: string, now = this.clock()): V | undefined {
    if (now - this.#turnedAt >= this.rules.idleMs) this.#turn(now);
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const old = this.#old.get(key);
    if (old === undefined) return undefined;
    this.#old.delete(key);
    this.#keep(key, old, now);
    return old;
  }

  #keep(key: string, value: V, now: number): void {
    if (this.#young.size >= this.rules.maxKeys / 2) this.#turn(now);
    this.#young.set(key, value);
  }

  #turn(now: number): void {
    this.#old = now - this.#turnedAt >= 2 * this.rules.idleMs ? new Map() : this.#young;
    this.#young = new Map();
    this.#turnedAt = now;
  }
}
