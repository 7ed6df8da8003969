import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { monotonicClock, type Clock } from './clock.ts';

/** Fine enough to see what a caller would notice, coarse enough to cost nothing. */
const RESOLUTION_MS = 10;
/** Shedding starts and ends within two of these. */
const WINDOW_MS = 500;
/** One long window is a collection of garbage or a neighbour on the machine; two in a row are more work than the process can do. */
const LONG_WINDOWS = 2;

/** Whether this process has more to do than it can; new reads are better refused then than answered late. */
export class EventLoopLag implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #delays: ReturnType<typeof monitorEventLoopDelay> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #longWindows = 0;

  /** `maxLagMs` 0: never. */
  constructor(
    private readonly maxLagMs: number,
    private readonly clock: Clock = monotonicClock,
  ) {}

  get isTooLong(): boolean {
    return this.#longWindows >= LONG_WINDOWS;
  }

  onApplicationBootstrap(): void {
    if (this.maxLagMs === 0) return;
    const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
    delays.enable();
    let endsAt = this.clock() + WINDOW_MS;
    this.#timer = setInterval(() => {
      const now = this.clock();
      // After a reset the histogram misses its first delay: a loop that turns once a window would look idle without the timer's own lateness.
      this.observe(Math.max(delays.percentile(99) / 1e6 - RESOLUTION_MS, now - endsAt));
      delays.reset();
      endsAt = now + WINDOW_MS;
    }, WINDOW_MS).unref();
    this.#delays = delays;
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.#timer);
    this.#delays?.disable();
  }

  /** The 99th percentile of one window. */
  observe(lagMs: number): void {
    this.#longWindows = this.maxLagMs > 0 && lagMs > this.maxLagMs ? this.#longWindows + 1 : 0;
  }
}
