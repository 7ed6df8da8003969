import { describe, expect, it } from '@jest/globals';
import { countConsent, isCommitted } from './consent-count.ts';
import type { Outcome } from './outcome.ts';
import type { PlayedConversation } from './played.ts';

function outcomeWith(changes: Partial<Outcome>): Outcome {
  return { invocationId: 'inv_1', status: 'succeeded', replayed: false, attempts: 1, result: {}, error: null, readBack: null, ...changes };
}

function playedWith(stage: 'asked' | 'answered', said: 'yes' | 'no', outcome: Partial<Outcome>): PlayedConversation {
  const answer = { status: 200 as const, contentType: 'application/json' as const, body: '{}' };
  const call = { kind: 'call' as const, recordedId: null, tool: 'book', arguments: {}, answer, consent: { stage, said } };
  const turn = { turnId: 'trn_0', index: 0, role: 'caller' as const, text: 'As you like.', traceId: '', spanId: '', sent: [] };
  const invocation = { callId: 'call_1', number: 1, turnIndex: 0, call, outcome: outcomeWith(outcome), roundTripMs: 1 };
  return { name: 'one', sessionId: 'ses_1', turns: [turn], invocations: [invocation], losses: [] };
}

describe('counting what became of answers', () => {
  it('calls a write committed that has left or may have, however it ended', () => {
    const outcomes = [{}, { status: 'failed' as const }, { status: 'unknown' as const }, { status: 'pending' as const, attempts: 0 }];
    expect(outcomes.every((outcome) => isCommitted(outcomeWith(outcome)))).toBe(true);
  });

  it('calls a write held back that was refused or asked about again', () => {
    const outcomes = [{ status: 'rejected' as const, attempts: 0 }, { status: 'needs_confirmation' as const, attempts: 0 }];
    expect(outcomes.some((outcome) => isCommitted(outcomeWith(outcome)))).toBe(false);
  });

  it('finds a commit without a yes, and a yes without a commit', () => {
    const held = { status: 'needs_confirmation' as const, attempts: 0 };
    const count = countConsent([
      playedWith('answered', 'yes', {}),
      playedWith('answered', 'yes', held),
      playedWith('answered', 'no', {}),
      playedWith('answered', 'no', held),
      playedWith('asked', 'yes', held),
    ]);

    expect(count).toMatchObject({ readBacks: 4, affirmed: 2, negated: 2 });
    expect(count.falseCommits.map(({ problem }) => problem)).toEqual(['"As you like." was answered succeeded']);
    expect(count.falseRefusals.map(({ problem }) => problem)).toEqual(['"As you like." was answered needs_confirmation']);
  });
});
