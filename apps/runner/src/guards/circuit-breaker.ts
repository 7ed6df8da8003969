import type { EffectClass } from '@patchbay/contracts/outcome';
import { FailureWindow } from './failure-window.ts';

/**
 * `closed`: everything passes. `open`: nothing does. `half_open`: one read at a time, to find out. `half_open_writes`: nobody had a read to find
 * out with, so one call at a time of any kind.
 */
export type BreakerState = 'closed' | 'open' | 'half_open' | 'half_open_writes';
export type CallHealth = 'success' | 'failure' | 'ignored';
/** `era` tells calls of before a change of state from those after; it comes back with the result. */
export type Passage = { allowed: true; era: number } | { allowed: false; retryAfterMs: number };

export interface BreakerRules {
  windowMs: number;
  /** The part of the window's calls that must have failed, 0 to 1. */
  threshold: number;
  /** Fewer calls in the window prove nothing. */
  minimumCalls: number;
  /** Failures without a success between them that open it whatever the window says: after much success, a share takes half a window to turn. */
  failuresInARow: number;
  halfOpenAfterMs: number;
  /** From opening until a write may find out where no read came. */
  writesAfterMs: number;
  /** A probe under way for longer no longer keeps the next one waiting. */
  probeMs: number;
}

const MAY_PASS: Readonly<Record<BreakerState, { read: boolean; write: boolean }>> = {
  closed: { read: true, write: true },
  open: { read: false, write: false },
  half_open: { read: true, write: false },
  half_open_writes: { read: true, write: true },
};

/** The breaker of one provider over one account. Time comes in from outside. */
export class CircuitBreaker {
  readonly #window: FailureWindow;
  #state: BreakerState = 'closed';
  #passage = { allowed: true as const, era: 0 };
  #failuresInARow = 0;
  #openedAt = 0;
  #probedAt: number | null = null;

  constructor(private readonly rules: BreakerRules) {
    this.#window = new FailureWindow(rules.windowMs);
  }

  get state(): BreakerState {
    return this.#state;
  }

  get openedAt(): number {
    return this.#openedAt;
  }

  enter(effect: EffectClass, now: number): Passage {
    if (this.#state === 'closed') return this.#passage;
    this.advance(now);
    if (!mayPass(this.#state, effect)) return { allowed: false, retryAfterMs: this.#untilNextMs(now) };
    if (this.#probedAt !== null && now - this.#probedAt < this.rules.probeMs) return { allowed: false, retryAfterMs: this.rules.probeMs };
    this.#probedAt = now;
    return this.#passage;
  }

  /** A result from before the last change says nothing about now. */
  record(health: CallHealth, era: number, now: number): void {
    if (era !== this.#passage.era) return;
    if (this.#state !== 'closed') this.#learn(health, now);
    else if (health !== 'ignored') this.#count(health === 'failure', now);
  }

  /** What time alone changes. */
  advance(now: number): void {
    const openMs = now - this.#openedAt;
    if (this.#state === 'open' && openMs >= this.rules.halfOpenAfterMs) this.#state = 'half_open';
    if (this.#state === 'half_open' && openMs >= this.rules.writesAfterMs) this.#state = 'half_open_writes';
  }

  close(): void {
    this.#window.clear();
    this.#turn('closed');
  }

  #count(failed: boolean, now: number): void {
    this.#window.add(failed, now);
    this.#failuresInARow = failed ? this.#failuresInARow + 1 : 0;
    if (!failed) return;
    const { threshold, minimumCalls, failuresInARow } = this.rules;
    const { calls, failures } = this.#window;
    const tooMany = calls >= minimumCalls && failures >= threshold * calls;
    if (tooMany || this.#failuresInARow >= failuresInARow) this.#open(now);
  }

  #learn(health: CallHealth, now: number): void {
    this.#probedAt = null;
    if (health === 'success') this.close();
    else if (health === 'failure') this.#open(now);
  }

  #open(now: number): void {
    this.#openedAt = now;
    this.#turn('open');
  }

  #turn(state: BreakerState): void {
    this.#state = state;
    this.#failuresInARow = 0;
    this.#probedAt = null;
    this.#passage = { allowed: true, era: this.#passage.era + 1 };
  }

  /** A write that waits for a read to find out is told to come again soon: the read may be next. */
  #untilNextMs(now: number): number {
    const { halfOpenAfterMs, writesAfterMs } = this.rules;
    const afterMs = this.#state === 'open' ? halfOpenAfterMs : writesAfterMs;
    return Math.ceil(Math.min(halfOpenAfterMs, this.#openedAt + afterMs - now));
  }
}

export function mayPass(state: BreakerState, effect: EffectClass): boolean {
  return MAY_PASS[state][effect === 'read' ? 'read' : 'write'];
}
