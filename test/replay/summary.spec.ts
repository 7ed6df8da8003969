import { describe, expect, it } from '@jest/globals';
import type { PlayedConversation } from './played.ts';
import { describe as describeRun, explain, isClean, percentile, summarize } from './summary.ts';
import type { RunResult } from './summary.ts';

const ANSWER = { status: 200 as const, contentType: 'application/json' as const, body: '{}' };
const CALL = { kind: 'call' as const, recordedId: null, tool: 'find', arguments: {}, answer: ANSWER };

function playedWith(...tripsMs: number[]): PlayedConversation {
  const outcome = {
    invocationId: 'inv',
    status: 'succeeded' as const,
    replayed: false,
    attempts: 1,
    result: {},
    error: null,
    readBack: null,
  };
  const invocations = tripsMs.map((roundTripMs, number) => ({
    callId: `c${number}`,
    number,
    turnIndex: 0,
    call: CALL,
    outcome,
    roundTripMs,
  }));
  return { name: 'one', sessionId: 'ses', turns: [], invocations, losses: [] };
}

function resultWith(changes: Partial<RunResult> = {}): RunResult {
  const steps = [{ kind: 'turn' as const, role: 'caller' as const, text: 'Hello' }, CALL];
  return {
    recorded: [{ name: 'one', steps }],
    played: [playedWith(2)],
    providerReceived: 1,
    lost: [],
    argumentMismatches: [],
    incompleteTraces: [],
    undelivered: [],
    consoleUrl: 'http://127.0.0.1:7070/#key=k',
    ...changes,
  };
}
const finding = (subject: string, problem = 'is gone') => ({ conversation: 'one', subject, problem });

describe('the summary', () => {
  it('has exactly the promised keys, in their order', () => {
    expect(JSON.stringify(summarize(resultWith()))).toBe(
      '{"conversations":1,"turns":1,"invocations":1,"succeeded":1,"failed":0,"providerReceived":1,"argumentMismatches":0,"lost":0,"incompleteTraces":0,"p50Ms":2,"p99Ms":2}',
    );
  });

  it('counts what was recorded, so that a call that was never made is missing from the outcomes only', () => {
    expect(summarize(resultWith({ played: [playedWith()] }))).toMatchObject({
      invocations: 1,
      succeeded: 0,
      p50Ms: 0,
      p99Ms: 0,
    });
  });

  it('counts a thing once, however many checks found it lost', () => {
    const result = resultWith({
      lost: [finding('turn 1', 'no answer'), finding('turn 1', 'not recorded'), finding('turn 2')],
    });

    expect(summarize(result).lost).toBe(2);
    expect(explain(result)).toEqual(['2 lost:', '  one, turn 1: no answer', '  one, turn 2: is gone']);
  });

  it.each(['lost', 'argumentMismatches', 'incompleteTraces'] as const)('is not clean with %s', (kind) => {
    expect(isClean(summarize(resultWith({ [kind]: [finding('turn 1')] })))).toBe(false);
  });

  it('explains the first few findings and counts the rest', () => {
    const lost = Array.from({ length: 7 }, (_, index) => finding(`turn ${index}`));

    expect(explain(resultWith({ lost })).at(-1)).toBe('  and 2 more');
  });

  it('takes percentiles by nearest rank', () => {
    const tripsMs = Array.from({ length: 200 }, (_, index) => index + 1);

    expect([percentile(tripsMs, 0.5), percentile(tripsMs, 0.99), percentile([], 0.5)]).toEqual([100, 198, 0]);
  });

  it('reads well for people', () => {
    expect(describeRun(summarize(resultWith()), { format: 'sgd', elapsedMs: 1234, consoleUrl: 'http://127.0.0.1:7070/#key=k' })).toContain(
      'invocations           1 (1 succeeded, 0 failed)',
    );
  });
});
