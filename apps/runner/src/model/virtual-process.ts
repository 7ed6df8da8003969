import { Future, type Awaitable } from './future.ts';
import type { VirtualClock } from './virtual-clock.ts';

export const LATE = Symbol('late');

/** A process that can be killed, or stopped and continued: what reaches it meanwhile is lost, or waits. */
export class VirtualProcess {
  state: 'running' | 'stopped' | 'dead' = 'running';
  #timersDue: (() => void)[] = [];
  #arrived: (() => void)[] = [];
  /** When it last was not running; a promise about living runners does not hold across it. */
  disturbedAt = Number.NEGATIVE_INFINITY;

  constructor(readonly clock: VirtualClock) {}

  /** Something from outside: an answer of the database, bytes from a socket. */
  deliver(run: () => void): void {
    if (this.state === 'running') run();
    else if (this.state === 'stopped') this.#arrived.push(run);
  }

  timer(ms: number, run: () => void): void {
    this.clock.after(ms, () => {
      if (this.state === 'running') run();
      else if (this.state === 'stopped') this.#timersDue.push(run);
    });
  }

  sleep(ms: number): Future<void> {
    const future = new Future<void>();
    this.timer(ms, () => future.resolve());
    return future;
  }

  /** What a future brings within so many milliseconds, or `LATE`. */
  inTime<T>(future: Awaitable<T>, ms: number): Future<T | typeof LATE> {
    const first = new Future<T | typeof LATE>();
    future.on(
      (value) => first.resolve(value),
      (error) => first.reject(error),
    );
    this.timer(ms, () => first.resolve(LATE));
    return first;
  }

  kill(): void {
    this.state = 'dead';
    this.disturbedAt = this.clock.now;
    this.#timersDue = [];
    this.#arrived = [];
  }

  stop(): void {
    if (this.state === 'running') this.state = 'stopped';
    this.disturbedAt = this.clock.now;
  }

  /** Like an event loop that finds everything late at once: timers first, then what has arrived. */
  continue(): void {
    if (this.state !== 'stopped') return;
    this.state = 'running';
    this.disturbedAt = this.clock.now;
    const due = [...this.#timersDue.splice(0), ...this.#arrived.splice(0)];
    due.forEach((run, at) => {
      // One of them may have led to the next stop: the others stay for later.
      if (this.state === 'running') run();
      else if (this.state === 'stopped') this.#arrived.push(...due.slice(at, at + 1));
    });
  }
}
