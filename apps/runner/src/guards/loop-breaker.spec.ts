import { beforeEach, describe, expect, it } from '@jest/globals';
import { LoopBreaker, type LoopDecision, type RepeatableCall } from './loop-breaker.ts';

const RULES = { equalCalls: 8, equalWindowMs: 30_000, callsPerMinute: 60 };
const CALL: RepeatableCall = { organizationId: 'org_a', sessionId: 'ses_a', function: 'check_order', argumentsHash: 'h1' };

describe('a loop breaker', () => {
  let now: number;
  let breaker: LoopBreaker;
  const take = (more: Partial<RepeatableCall> = {}): LoopDecision => breaker.take({ ...CALL, ...more });
  const takeEvery = (ms: number, count: number, more: (index: number) => Partial<RepeatableCall> = () => ({})): LoopDecision[] =>
    Array.from({ length: count }, (_, index) => {
      if (index > 0) now += ms;
      return take(more(index));
    });
  const allowed = (decisions: LoopDecision[]) => decisions.filter((decision) => decision.allowed).length;

  beforeEach(() => {
    now = 0;
    breaker = new LoopBreaker(RULES, () => now);
  });

  it('refuses the ninth equal call, says when it may come again, and tells the model to talk', () => {
    const decisions = takeEvery(1_000, 9);

    expect(allowed(decisions)).toBe(8);
    expect(decisions.at(-1)).toEqual({
      allowed: false,
      why: 'equal_calls',
      retryAfterMs: 22_000,
      hint: expect.stringContaining('tell the caller'),
    });
    now += 22_000;
    expect(take().allowed).toBe(true);
  });

  it('leaves a model alone that looks every five seconds', () => {
    expect(allowed(takeEvery(5_000, 100))).toBe(100);
  });

  it('counts other arguments, functions, sessions and organizations for themselves', () => {
    takeEvery(0, 8);

    expect(take()).toMatchObject({ why: 'equal_calls' });
    expect(take({ argumentsHash: 'h2' }).allowed).toBe(true);
    expect(take({ function: 'check_stock' }).allowed).toBe(true);
    expect(take({ sessionId: 'ses_b' }).allowed).toBe(true);
    expect(take({ organizationId: 'org_b' }).allowed).toBe(true);
  });

  it('tells long arguments apart by their last letter', () => {
    const long = 'x'.repeat(10_000);
    takeEvery(0, 8, () => ({ argumentsHash: `${long}a` }));

    expect(take({ argumentsHash: `${long}a` })).toMatchObject({ why: 'equal_calls' });
    expect(take({ argumentsHash: `${long}b` }).allowed).toBe(true);
  });

  it('slows a loop to the rate: what it refused does not count', () => {
    expect(allowed(takeEvery(100, 600))).toBe(16);
  });

  it('refuses a session more calls in a minute than a conversation can have', () => {
    const decisions = takeEvery(500, 61, (index) => ({ argumentsHash: `h${index}` }));

    expect(allowed(decisions)).toBe(60);
    expect(decisions.at(-1)).toMatchObject({ why: 'too_many_calls', retryAfterMs: 30_000 });
    now += 30_000;
    expect(take().allowed).toBe(true);
  });

  it('limits nothing when both numbers are zero', () => {
    breaker = new LoopBreaker({ ...RULES, equalCalls: 0, callsPerMinute: 0 }, () => now);

    expect(allowed(takeEvery(0, 1_000))).toBe(1_000);
  });

  it('still sees a loop among many other calls when their number is not limited', () => {
    breaker = new LoopBreaker({ ...RULES, callsPerMinute: 0 }, () => now);

    const others = takeEvery(1, 1_000, (index) => ({ argumentsHash: `h${index}` }));
    expect([allowed(others), allowed(takeEvery(1, 20, () => ({ argumentsHash: 'again' })))]).toEqual([1_000, 8]);
  });
});
