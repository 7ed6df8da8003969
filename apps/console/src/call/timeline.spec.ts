import { describe, expect, it } from '@jest/globals';
import { InvocationRecord } from '@patchbay/contracts/runner';
import { isSettled, select, slowest, type ClaimEntry, type InvocationEntry, type Timeline, type TurnEntry } from './timeline.ts';

const ENDED_AT = '2026-03-02T10:05:00.000Z';
const ENDED_MS = Date.parse(ENDED_AT);

function aTurn(turnId: string): TurnEntry {
  const at = '2026-03-02T10:00:00.000Z';
  return { kind: 'turn', at, turnId, index: 0, role: 'caller', text: '', endedAt: at, interrupted: false, traceId: '' };
}

function anInvocation(
  invocationId: string,
  status: InvocationEntry['status'],
  durationMs: number | null = 10,
): InvocationEntry {
  const at = '2026-03-02T10:00:01.000Z';
  const record = InvocationRecord.parse({
    receivedAt: at,
    invocationId,
    sessionId: 'ses_1',
    turnId: 'trn_1',
    toolCallId: 'call_1',
    function: 'check_order',
    effect: 'read',
    arguments: {},
    status,
    durationMs,
    traceId: '',
    attempts: [],
  });
  return { kind: 'invocation', at, heard: null, ...record };
}

function aClaim(claimId: string): ClaimEntry {
  const at = '2026-03-02T10:00:02.000Z';
  return { kind: 'claim', at, claimId, turnId: 'trn_1', claim: 'It is booked', effect: 'booked', hint: '', traceId: '' };
}

function aTimeline(endedAt: string | null, entries: Timeline['entries'] = []): Timeline {
  return {
    session: {
      sessionId: 'ses_1',
      edgeId: 'edge_1',
      agentId: 'agt_1',
      agentName: 'Orders',
      agentVersion: 'ver_1',
      channel: 'phone',
      direction: 'inbound',
      callerNumber: null,
      calledNumber: null,
      edgeCallId: null,
      state: endedAt ? 'ended' : 'live',
      startedAt: '2026-03-02T10:00:00.000Z',
      endedAt,
      endReason: null,
      turns: 0,
    },
    entries,
    next: null,
  };
}

describe('isSettled', () => {
  it('is false while the call is live', () => {
    expect(isSettled(aTimeline(null), ENDED_MS)).toBe(false);
  });

  it('is false shortly after the end, when outcomes and spans still come', () => {
    expect(isSettled(aTimeline(ENDED_AT), ENDED_MS + 59_999)).toBe(false);
  });

  it('is true a minute after the end', () => {
    expect(isSettled(aTimeline(ENDED_AT, [anInvocation('inv_1', 'unknown')]), ENDED_MS + 60_000)).toBe(true);
  });

  it('waits for an invocation that has no terminal status yet', () => {
    expect(isSettled(aTimeline(ENDED_AT, [anInvocation('inv_1', 'running')]), ENDED_MS + 600_000)).toBe(false);
  });
});

describe('select', () => {
  const entries = [
    aTurn('trn_1'),
    anInvocation('inv_1', 'succeeded'),
    anInvocation('inv_2', 'unknown'),
    anInvocation('inv_3', 'rejected'),
    aClaim('clm_1'),
  ];
  const idsOf = (selection: Parameters<typeof select>[1]) =>
    select(entries, selection).map((entry) => {
      if (entry.kind === 'claim') return entry.claimId;
      return entry.kind === 'turn' ? entry.turnId : entry.invocationId;
    });

  it('lists everything, invocations alone, or what has a problem', () => {
    expect(idsOf('everything')).toEqual(['trn_1', 'inv_1', 'inv_2', 'inv_3', 'clm_1']);
    expect(idsOf('invocations')).toEqual(['inv_1', 'inv_2', 'inv_3']);
    expect(idsOf('problems')).toEqual(['inv_2', 'inv_3', 'clm_1']);
  });
});

describe('slowest', () => {
  it('puts the longest first and leaves out what still runs', () => {
    const entries = [
      anInvocation('inv_1', 'succeeded', 5),
      anInvocation('inv_2', 'failed', 900),
      anInvocation('inv_3', 'running', null),
      anInvocation('inv_4', 'succeeded', 40),
    ];

    expect(slowest(entries, 2).map(({ invocationId }) => invocationId)).toEqual(['inv_2', 'inv_4']);
  });
});
