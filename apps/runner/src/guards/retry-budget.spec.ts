import { beforeEach, describe, expect, it } from '@jest/globals';
import { RetryBudget } from './retry-budget.ts';

describe('a retry budget', () => {
  let now: number;
  let budget: RetryBudget;

  beforeEach(() => {
    now = 0;
    budget = new RetryBudget(0.1, () => now);
  });

  /** Every attempt fails and is retried where that is allowed. */
  function storm(calls: number, key = 'a'): number {
    let retries = 0;
    for (let call = 0; call < calls; call++) {
      budget.attemptSeen(key);
      if (!budget.mayRetry(key)) continue;
      budget.retrySeen(key);
      retries++;
    }
    return retries;
  }

  it('lets the first three calls to a provider be retried', () => {
    expect(storm(3)).toBe(3);
    expect(storm(3)).toBe(0);
  });

  it('lets a tenth of the traffic be retried, and no more, in a long storm', () => {
    expect(storm(10_000)).toBeGreaterThanOrEqual(1_000);
    expect(storm(10_000)).toBeLessThanOrEqual(1_001);
  });

  it('saves up no more than twenty retries', () => {
    for (let call = 0; call < 10_000; call++) budget.attemptSeen('a');

    expect(storm(21)).toBe(21);
    expect(storm(5)).toBeLessThanOrEqual(1);
  });

  it('keeps the providers apart', () => {
    storm(100, 'a');

    expect([budget.mayRetry('a'), budget.mayRetry('b')]).toEqual([false, true]);
  });

  it('asking takes nothing', () => {
    for (let asked = 0; asked < 100; asked++) expect(budget.mayRetry('a')).toBe(true);
  });

  it('gives a provider its first retries again after two quiet minutes', () => {
    storm(5);
    now = 120_000;

    expect(storm(3)).toBe(3);
  });

  it('retries nothing when the part is zero', () => {
    budget = new RetryBudget(0, () => now);

    expect(storm(1_000)).toBe(0);
  });
});
