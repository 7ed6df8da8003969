import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { measureLoopDelays } from '@patchbay/service-kit/telemetry/loop-delays';
import { monotonicClock, type Clock } from './clock.ts';

/** Shedding starts and ends within two of these. */
const WINDOW_MS = 500;
/** One long window is a collection of garbage or a neighbour on the machine; two in a row are more work than the process can do. */
const LONG_WINDOWS = 2;

/** Whether this process has more to do than it can; new reads are better refused then than answered late. */
export class EventLoopLag implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #delays: ReturnType<typeof measureLoopDelays> | undefined;
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
    const delays = measureLoopDelays();
    let endsAt = this.clock() + WINDOW_MS;
    this.#timer = setInterval(() => {
      const now = this.clock();
      // The turn that this timer is part of is not measured yet: a loop that turns once a window would look idle without how late it is.
      this.observe(Math.max(delays.max / 1e6, now - endsAt));
      delays.reset();
      endsAt = now + WINDOW_MS;
    }, WINDOW_MS).unref();
    this.#delays = delays;
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.#timer);
    this.#delays?.disable();
  }

  /** The longest of one window. */
  observe(lagMs: number): void {
    this.#longWindows = this.maxLagMs > 0 && lagMs > this.maxLagMs ? this.#longWindows + 1 : 0;
  }
}
