import { beforeEach, describe, expect, it } from '@jest/globals';
import { LiveLatency } from './live-latency.ts';

describe('the live latency of a function', () => {
  let latency: LiveLatency;
  const record = (...durationsMs: number[]) => durationsMs.forEach((ms) => latency.record('fn_a', ms));

  beforeEach(() => {
    latency = new LiveLatency(() => 0);
  });

  it('is not known of a function never called, nor from fewer than five calls', () => {
    record(10, 10, 10, 10);

    expect([latency.p50('fn_a'), latency.p50('fn_b')]).toEqual([null, null]);
  });

  it('is the middle, which one slow call does not move', () => {
    record(30, 10, 20, 8_000, 25);

    expect(latency.p50('fn_a')).toBe(25);
  });

  it('follows a function that has become slow within twenty calls', () => {
    record(...Array.from({ length: 100 }, () => 20));
    expect(latency.p50('fn_a')).toBe(20);

    record(...Array.from({ length: 20 }, () => 900));
    expect(latency.p50('fn_a')).toBe(900);
  });

  it('sorts milliseconds as numbers', () => {
    record(9, 100, 1_000, 20, 3);

    expect(latency.p50('fn_a')).toBe(20);
  });

  it('is at most three calls old', () => {
    record(1, 1, 1, 1, 1);
    latency.p50('fn_a');
    record(50, 50, 50);
    expect(latency.p50('fn_a')).toBe(1);

    record(50, 50, 50, 50);
    expect(latency.p50('fn_a')).toBe(50);
  });
});
