import { describe, expect, it } from '@jest/globals';
import { refreshAt, retryAt } from './refresh-schedule.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const now = new Date('2026-05-04T12:00:00Z');
const after = (ms: number) => new Date(now.getTime() + ms);
const aheadMs = (lifeMs: number, share = 0) => after(lifeMs).getTime() - refreshAt({ obtainedAt: now, expiresAt: after(lifeMs) }, share).getTime();

describe('the next refresh', () => {
  it('is the longest call ahead of the end of a token that lives long', () => {
    expect(aheadMs(24 * HOUR)).toBe(4 * HOUR);
  });

  it.each([
    ['an hour', HOUR],
    ['five minutes', 5 * MINUTE],
    ['eight hours', 8 * HOUR],
  ])('is at half of the life of a token of %s', (_name, lifeMs) => {
    expect(aheadMs(lifeMs)).toBe(lifeMs / 2);
  });

  it('comes earlier by at most a twentieth, so that tokens of one moment are not all asked for in one', () => {
    expect(aheadMs(24 * HOUR, 1)).toBe(4 * HOUR + (24 * HOUR) / 20);
  });

  it('is within an hour when nobody knows when the token ends', () => {
    expect(refreshAt({ obtainedAt: now, expiresAt: null }, 0)).toEqual(after(HOUR));
  });

  it('is at once for a token that ended before it came', () => {
    expect(refreshAt({ obtainedAt: now, expiresAt: after(-MINUTE) }, 1)).toEqual(now);
  });
});

describe('the next attempt after a failure', () => {
  const pauses = (count: number) => Array.from({ length: count }, (_, index) => retryAt(index + 1, null, 0, now).getTime() - now.getTime());

  it('comes soon at first, then ever later, up to a quarter of an hour', () => {
    expect(pauses(5)).toEqual([2_000, 4_000, 8_000, 16_000, 32_000]);
    expect(pauses(2_000).at(-1)).toBe(15 * MINUTE);
  });

  it('is spread over half of the pause', () => {
    expect(retryAt(1, null, 1, now)).toEqual(after(1_000));
  });

  it('waits as long as the provider asked for, within reason', () => {
    expect(retryAt(1, 60_000, 0, now)).toEqual(after(MINUTE));
    expect(retryAt(1, 1e12, 0, now)).toEqual(after(15 * MINUTE));
  });
});
