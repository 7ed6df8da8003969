import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FailureWindow } from './failure-window.ts';

describe('a window of failures', () => {
  it('counts what is in it', () => {
    const window = new FailureWindow(10_000);
    window.add(true, 0);
    window.add(false, 4_000);
    window.add(true, 9_999);

    expect([window.calls, window.failures]).toEqual([3, 2]);
  });

  it('forgets all that failed before a quiet hour with the first call after it', () => {
    const window = new FailureWindow(10_000);
    for (let at = 0; at < 10_000; at += 100) window.add(true, at);
    window.add(false, 3_600_000);

    expect([window.calls, window.failures]).toEqual([1, 0]);
  });

  it('is empty once cleared', () => {
    const window = new FailureWindow(10_000);
    window.add(true, 5_000);
    window.clear();
    window.add(false, 6_000);

    expect([window.calls, window.failures]).toEqual([1, 0]);
  });

  it('counts as a list of the last ten slots would', () => {
    const calls = fc.array(fc.record({ waitMs: fc.integer({ min: 0, max: 4_000 }), failed: fc.boolean() }), { maxLength: 60 });
    fc.assert(
      fc.property(calls, (all) => {
        const window = new FailureWindow(10_000);
        const seen: { slot: number; failed: boolean }[] = [];
        let now = 0;
        for (const { waitMs, failed } of all) {
          now += waitMs;
          window.add(failed, now);
          seen.push({ slot: Math.floor(now / 1_000), failed });
          const inside = seen.filter(({ slot }) => slot > Math.floor(now / 1_000) - 10);
          expect([window.calls, window.failures]).toEqual([inside.length, inside.filter((one) => one.failed).length]);
        }
      }),
    );
  });
});
