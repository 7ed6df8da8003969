import { describe, expect, it } from '@jest/globals';
import * as checker from './checker.ts';
import type { Ask, RecordedInvocation } from './history.ts';
import type { ProviderRequest } from './provider/request.ts';

function ask(tag: string, status: string | null, more: Partial<Ask> & { invocationId?: string } = {}): Ask {
  const { invocationId = `inv_${tag}`, ...rest } = more;
  const outcome = status && { invocationId, status, result: null, code: null, retryAfterMs: null, replayed: false, attempts: 1 };
  const call = { sessionId: 'ses_1', turnId: 't', toolCallId: `call_${tag}`, function: 'book', arguments: { tag } };
  return { call, deadlineMs: 1_000, sentAtMs: 10_000, endedAtMs: 10_100, outcome: outcome || null, problem: status ? null : 'no_answer', ...rest };
}

function request(tag: string, more: Partial<ProviderRequest> = {}): ProviderRequest {
  return { atMs: 10_050, endedAtMs: 10_090, abandoned: false, kind: 'effect', tag, idempotencyKey: null, arguments: '', tookEffect: true, ...more };
}

function record(tag: string, status: string, invocationId = `inv_${tag}`): RecordedInvocation {
  return { invocationId, sessionId: 'ses_1', toolCallId: `call_${tag}`, function: 'book', tag, status, code: null, attempts: 1 };
}

describe('effects and requests', () => {
  it('are counted by intent, and the most of one is what counts', () => {
    const requests = [request('a'), request('b'), request('b', { tookEffect: false }), request('c', { kind: 'read', tookEffect: false })];
    expect(checker.mostEffects(requests)).toBe(1);
    expect(checker.mostRequests(requests, 'effect')).toBe(2);
    expect(checker.mostRequests(requests, 'read')).toBe(1);
    expect(checker.mostEffects([...requests, request('a')])).toBe(2);
    expect(checker.mostEffects([])).toBe(0);
  });
});

describe('idempotency keys', () => {
  it('are the same in every request of an intent', () => {
    const keyed = (tag: string, idempotencyKey: string | null) => request(tag, { idempotencyKey });
    expect(checker.mostKeys([keyed('a', 'one'), keyed('a', 'one'), keyed('b', 'two')])).toBe(1);
    expect(checker.mostKeys([keyed('a', 'one'), keyed('a', 'two')])).toBe(2);
    expect(checker.mostKeys([keyed('a', 'one'), keyed('a', null)])).toBe(2);
    expect(checker.mostKeys([])).toBe(0);
  });
});

describe('contradictions', () => {
  const check = (status: string, happened: boolean) =>
    checker.contradictions({ asks: [ask('a', status)], requests: happened ? [request('a')] : [], records: [] });

  it.each([
    ['succeeded', true],
    ['failed', false],
    ['cancelled', false],
    ['rejected', false],
    ['unknown', true],
    ['unknown', false],
  ])('are none: %s, and it happened: %s', (status, happened) => {
    expect(check(status, happened)).toEqual([]);
  });

  it.each([
    ['succeeded', false],
    ['failed', true],
    ['cancelled', true],
    ['rejected', true],
  ])('are found: %s, and it happened: %s', (status, happened) => {
    expect(check(status, happened)).toHaveLength(1);
  });

  it('are found on record although the edge was told the truth', () => {
    expect(checker.contradictions({ asks: [ask('a', 'unknown')], requests: [request('a')], records: [record('a', 'failed')] })).toHaveLength(1);
  });

  it('are not looked for in reads', () => {
    const look = ask('a', 'succeeded');
    expect(checker.contradictions({ asks: [{ ...look, call: { ...look.call, function: 'look_up' } }], requests: [], records: [] })).toEqual([]);
  });

  it('leave it to a repeat to be rejected after the first has succeeded', () => {
    const asks = [ask('a', 'succeeded'), ask('a', 'rejected', { invocationId: 'inv_2' })];
    expect(checker.contradictions({ asks, requests: [request('a')], records: [] })).toEqual([]);
  });
});

describe('the ends of invocations', () => {
  it('are missing while they run or are pending', () => {
    expect(
      checker.unsettled([record('a', 'running'), record('b', 'pending'), record('c', 'unknown'), record('d', 'needs_confirmation')]),
    ).toHaveLength(2);
  });

  it('are told with those of the other invocations of the intent', () => {
    expect(checker.unsettled([record('a', 'pending', 'inv_2'), record('a', 'unknown', 'inv_1')])).toEqual([
      'inv_2 (a) is pending; of the same intent: inv_1 is unknown',
    ]);
    expect(checker.unverified([record('a', 'succeeded', 'inv_1'), record('a', 'unknown', 'inv_2')], 'book')).toEqual([
      'inv_2 (a) is unknown; of the same intent: inv_1 is succeeded',
    ]);
    expect(checker.unverified([record('a', 'unknown')], 'another')).toEqual([]);
  });

  it('may not change, but for unknown, which becomes known', () => {
    const found = (first: string, later: string) => checker.changedEnds([ask('a', first)], [record('a', later)]);
    expect(found('succeeded', 'failed')).toEqual(['inv_a: succeeded → failed']);
    expect(found('succeeded', 'unknown')).toHaveLength(1);
    expect(found('unknown', 'cancelled')).toHaveLength(1);
    expect(found('unknown', 'succeeded')).toEqual([]);
    expect(found('pending', 'failed')).toEqual([]);
  });

  it('are compared in the order in which the edge heard of them', () => {
    const asks = [ask('a', 'succeeded', { endedAtMs: 300 }), ask('a', 'unknown', { endedAtMs: 200 })];
    expect(checker.changedEnds(asks, [])).toEqual([]);
    expect(checker.changedEnds([...asks, ask('a', 'unknown', { endedAtMs: 400 })], [])).toHaveLength(1);
  });

  it('are on record when the edge was told of them', () => {
    expect(checker.unrecorded([ask('a', 'succeeded'), ask('b', 'failed'), ask('c', null)], [record('a', 'succeeded')])).toEqual(['inv_b (b)']);
  });
});

describe('unknownOutside', () => {
  const period = { fromMs: 20_000, untilMs: 20_500 };

  it('forgives a call that was under way in a period, in any of its requests', () => {
    const asks = [ask('a', null, { sentAtMs: 19_900, endedAtMs: 22_000 }), ask('a', 'unknown', { sentAtMs: 23_000, endedAtMs: 23_100 })];
    expect(checker.unknownOutside({ asks, requests: [], records: [] }, [period])).toEqual([]);
  });

  it('finds one that was not, also when only the record knows', () => {
    const asks = [ask('a', 'unknown', { sentAtMs: 20_501, endedAtMs: 20_900 }), ask('b', 'succeeded')];
    expect(checker.unknownOutside({ asks, requests: [], records: [record('b', 'unknown')] }, [period])).toEqual([
      'a: 1 ms apart',
      'b: 9900 ms apart',
    ]);
  });
});

describe('afterDeadline', () => {
  it('finds what the provider got when nobody waited any more', () => {
    const asks = [ask('a', null, { sentAtMs: 1_000 }), ask('b', null, { sentAtMs: 1_000 }), ask('b', 'succeeded', { sentAtMs: 2_500 })];
    expect(checker.afterDeadline(asks, [request('a', { atMs: 2_000 }), request('a', { atMs: 2_140 }), request('b', { atMs: 3_000 })])).toEqual([
      'a: 140 ms late',
    ]);
  });

  it('leaves it to the platform when it asks whether a write has happened', () => {
    expect(checker.afterDeadline([ask('a', 'unknown')], [request('a', { atMs: 99_000, kind: 'verify' })])).toEqual([]);
  });
});

describe('untold', () => {
  it('finds what became known without a word to the edge, or with another', () => {
    const asks = [ask('a', 'unknown'), ask('b', 'unknown'), ask('c', 'unknown'), ask('d', 'succeeded')];
    const records = [record('a', 'succeeded'), record('b', 'failed'), record('c', 'unknown'), record('d', 'succeeded')];
    expect(checker.untold(asks, records, new Map([['inv_a', 'succeeded']]))).toEqual(['inv_b (b) is failed, told was nothing']);
    expect(
      checker.untold(
        asks,
        records,
        new Map([
          ['inv_a', 'failed'],
          ['inv_b', 'failed'],
        ]),
      ),
    ).toEqual(['inv_a (a) is succeeded, told was failed']);
  });
});

describe('answers', () => {
  it('are owed to every call, whichever of its requests brings it', () => {
    expect(checker.unanswered([ask('a', null), ask('a', 'succeeded'), ask('b', null), ask('c', 'pending')])).toEqual([
      'call_b: no_answer',
      'call_c: pending',
    ]);
  });

  it('are as late as the slowest; one that never came is infinitely late', () => {
    const asks = [ask('a', 'failed', { endedAtMs: 11_040 }), ask('b', 'succeeded')];
    expect(checker.mostLateMs(asks)).toBe(40);
    expect(checker.mostLateMs([...asks, ask('c', null)])).toBe(Infinity);
  });

  it('have an expected status or are named', () => {
    expect(checker.unexpected([ask('a', 'failed'), ask('b', 'unknown'), ask('c', null)], ['failed'])).toEqual([
      'call_b: unknown ',
      'call_c: no_answer',
    ]);
  });

  it('leave gaps, of which the longest counts, the ends of the period included', () => {
    const asks = [100, 250, 300].map((endedAtMs) => ask('a', 'succeeded', { endedAtMs }));
    expect(checker.longestGapMs(asks, { fromMs: 0, untilMs: 320 })).toBe(150);
    expect(checker.longestGapMs(asks, { fromMs: 0, untilMs: 900 })).toBe(600);
    expect(checker.longestGapMs([], { fromMs: 0, untilMs: 900 })).toBe(900);
  });
});
