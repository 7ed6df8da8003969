import { describe, expect, it } from '@jest/globals';
import type { EffectClass, RecordedTool } from './conversation.ts';
import { argumentMismatches, contradictions } from './judge.ts';
import type { Outcome } from './outcome.ts';
import type { PlayedConversation } from './played.ts';
import type { Receipt } from './provider-requests.ts';

function played(outcome: Partial<Outcome>, recordedStatus: 200 | 422 = 200): PlayedConversation {
  const answer = { status: recordedStatus, contentType: 'application/json' as const, body: '{}' };
  const call = { kind: 'call' as const, recordedId: null, tool: 'book', arguments: {}, answer };
  const complete = {
    invocationId: 'inv_1',
    status: 'succeeded' as const,
    replayed: false,
    attempts: 1,
    result: {},
    error: null,
    readBack: null,
    ...outcome,
  };
  const invocation = { callId: 'call_1', number: 0, turnIndex: 0, call, outcome: complete, roundTripMs: 1 };
  return { name: 'one', sessionId: 'ses_1', turns: [], invocations: [invocation], losses: [] };
}

function receipt(changes: Partial<Receipt> = {}): Receipt {
  const headers = { idempotencyKey: null, webhookId: null, traceparent: null };
  return {
    callId: 'call_1',
    tool: 'book',
    method: 'POST',
    arguments: {},
    authorization: 'valid',
    headers,
    problem: null,
    ...changes,
  };
}

function toolWith(effect: EffectClass): RecordedTool {
  const parameters = { type: 'object' as const, properties: {}, required: [], additionalProperties: false as const };
  return { name: 'book', description: 'Book.', effect, method: 'POST', parameters };
}
const WRITE = [toolWith('write.reversible')];
const problems = (conversation: PlayedConversation, log: Receipt[], tools = WRITE) =>
  contradictions([conversation], log, tools).map(({ problem }) => problem);

describe('judging outcomes by the provider’s log', () => {
  it('agrees with a success that the provider received, and with a failure that it recorded', () => {
    expect(problems(played({}), [receipt()])).toEqual([]);
    expect(problems(played({ status: 'failed' }, 422), [receipt()])).toEqual([]);
  });

  it('contradicts a success that the provider never received', () => {
    expect(problems(played({}), [])).toEqual(['was answered succeeded, but the provider has not received it']);
  });

  it.each(['rejected', 'unknown', 'pending', 'needs_confirmation', 'cancelled', 'failed'] as const)(
    'contradicts %s where the recorded answer is a success',
    (status) => {
      expect(problems(played({ status, error: 'timeout: too late' }), [receipt()])).toEqual([
        `was answered ${status} (timeout: too late); by the recorded answer it is succeeded`,
      ]);
    },
  );

  it('expects nothing at the provider for an outcome that was replayed', () => {
    expect(problems(played({ replayed: true }), [])).toEqual([]);
  });

  it('contradicts a write that was received twice, and lets a read be retried', () => {
    const twice = [receipt(), receipt()];

    expect(problems(played({}), twice)).toEqual(['is a write, and the provider received it 2 times']);
    expect(problems(played({}), twice, [toolWith('read')])).toEqual([]);
  });

  it('contradicts a success with somebody else’s answer', () => {
    expect(problems(played({ result: { seat: 1 } }), [receipt()])).toEqual([
      'carries a result that was never recorded for these arguments',
    ]);
  });

  it('counts requests that match no recorded call as mismatches, with the conversation they came from', () => {
    const headers = { idempotencyKey: null, webhookId: 'inv_1', traceparent: null };
    const log = [receipt(), receipt({ callId: null, headers, problem: 'no such arguments' })];

    expect(argumentMismatches([played({})], log)).toEqual([
      { conversation: 'one', subject: 'POST /book', problem: 'no such arguments' },
    ]);
  });

  it('does not take a wrong secret for wrong arguments', () => {
    expect(argumentMismatches([played({})], [receipt({ callId: null, authorization: 'wrong' })])).toEqual([]);
  });
});
