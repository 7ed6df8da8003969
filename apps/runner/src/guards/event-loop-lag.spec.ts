import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { EventLoopLag } from './event-loop-lag.ts';

describe('the lag of the event loop', () => {
  let lag: EventLoopLag;

  afterEach(() => lag.beforeApplicationShutdown());

  function after(maxLagMs: number, ...windows: number[]): boolean {
    lag = new EventLoopLag(maxLagMs);
    for (const longestMs of windows) lag.observe(longestMs);
    return lag.isTooLong;
  }

  it.each([
    ['nothing was measured', [], false],
    ['one window is long, as when garbage is collected', [400], false],
    ['two windows in a row are long', [300, 300], true],
    ['long windows are apart', [300, 10, 300], false],
    ['one window is short again', [300, 300, 300, 10], false],
    ['windows are as long as they may be', [250, 250, 250], false],
  ])('when %s: %j is too long: %s', (_, windows, tooLong) => {
    expect(after(250, ...windows)).toBe(tooLong);
  });

  it('is never too long when it is off', () => {
    expect(after(0, 5_000, 5_000, 5_000)).toBe(false);
  });

  it('is seen in how late its own timer is, and measured until the end of the service', () => {
    jest.useFakeTimers();
    try {
      let now = 0;
      lag = new EventLoopLag(250, () => now);
      lag.onApplicationBootstrap();
      for (const lateMs of [300, 300]) {
        now += 500 + lateMs;
        jest.advanceTimersByTime(500);
      }
      expect(lag.isTooLong).toBe(true);

      lag.beforeApplicationShutdown();
      expect(jest.getTimerCount()).toBe(0);
    } finally {
      jest.useRealTimers();
    }
  });
});
