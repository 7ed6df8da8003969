import { describe, expect, it } from '@jest/globals';
import { settle, type Attempted } from './settlement.ts';

const now = new Date('2026-11-21T08:00:00.000Z');
const inMs = (ms: number) => new Date(now.getTime() + ms);
const answered = (status: number, retryAfterMs: number | null = null): Attempted => ({
  kind: 'answered',
  status,
  retryAfterMs,
});
const failed: Attempted = { kind: 'failed', problem: 'no connection could be used (ECONNREFUSED)' };
const HOUR_MS = 3_600_000;

describe('a delivery', () => {
  it.each([200, 202, 204, 299])('is delivered by an answer %i', (status) => {
    expect(settle(2, answered(status), now, 0)).toEqual({
      state: 'delivered',
      attempts: 3,
      lastStatus: status,
      lastProblem: null,
      nextAttemptAt: null,
    });
  });

  it('is given up at once when the receiver is gone for good', () => {
    expect(settle(0, answered(410), now, 0)).toMatchObject({
      state: 'exhausted',
      attempts: 1,
      lastStatus: 410,
      nextAttemptAt: null,
    });
  });

  it.each([301, 304, 400, 404, 500, 503])('waits for its next attempt after an answer %i', (status) => {
    expect(settle(0, answered(status), now, 0)).toEqual({
      state: 'waiting',
      attempts: 1,
      lastStatus: status,
      lastProblem: `the receiver answered ${status}`,
      nextAttemptAt: inMs(5_000),
    });
  });

  it('waits for its next attempt when there was no answer', () => {
    expect(settle(0, failed, now, 0)).toMatchObject({
      state: 'waiting',
      lastStatus: null,
      lastProblem: failed.problem,
    });
  });

  it('is tried ten times, over three days, and then given up', () => {
    const waitsMs = Array.from({ length: 10 }, (_, made) => settle(made, failed, now, 0)).map(
      ({ nextAttemptAt }) => nextAttemptAt && nextAttemptAt.getTime() - now.getTime(),
    );

    expect(waitsMs).toEqual([
      5_000,
      300_000,
      1_800_000,
      ...[2, 5, 10, 14, 20, 24].map((hours) => hours * HOUR_MS),
      null,
    ]);
    expect(settle(9, failed, now, 0)).toMatchObject({ state: 'exhausted', attempts: 10 });
  });

  it('adds up to a tenth of the wait, so that receivers which fell together are not asked together', () => {
    expect(settle(0, failed, now, 1).nextAttemptAt).toEqual(inMs(5_500));
  });

  it.each([429, 503])('waits as long as an answer %i asks', (status) => {
    expect(settle(0, answered(status, 90_000), now, 0).nextAttemptAt).toEqual(inMs(90_000));
  });

  it('never waits less than the schedule says, nor more than a day', () => {
    expect(settle(1, answered(429, 1_000), now, 0).nextAttemptAt).toEqual(inMs(300_000));
    expect(settle(1, answered(429, 999 * HOUR_MS), now, 0).nextAttemptAt).toEqual(inMs(24 * HOUR_MS));
  });

  it('does not let an answer 500 choose the wait', () => {
    expect(settle(0, answered(500, 90_000), now, 0).nextAttemptAt).toEqual(inMs(5_000));
  });

  it('loses none of its attempts when it is postponed for a reason of our own', () => {
    expect(settle(9, { kind: 'postponed', problem: 'credentials is not running' }, now, 0)).toEqual({
      state: 'waiting',
      attempts: 9,
      lastStatus: null,
      lastProblem: 'credentials is not running',
      nextAttemptAt: inMs(10_000),
    });
  });
});
