import { describe, expect, it } from '@jest/globals';
import type { TimelineEntry } from '@patchbay/contracts/calls';
import { InvocationRecord } from '@patchbay/contracts/runner';
import { timelineOf, type TimelineClaim, type TimelineTurn } from './timeline.ts';

const AT = '2026-01-01T12:00:00.000Z';

function aTurn(turnId: string, index: number): TimelineTurn {
  return { kind: 'turn', at: AT, turnId, index, role: 'caller', text: '', endedAt: AT, interrupted: false, traceId: '' };
}

function anInvocation(invocationId: string, turnId: string): InvocationRecord {
  return InvocationRecord.parse({
    invocationId,
    sessionId: 'ses_1',
    turnId,
    toolCallId: 'c',
    function: 'f',
    effect: 'read',
    arguments: {},
    status: 'succeeded',
    receivedAt: '2020-01-01T00:00:00.000Z',
    durationMs: 1,
    traceId: '',
    attempts: [],
  });
}

function aClaim(claimId: string, turnId: string): TimelineClaim {
  return { kind: 'claim', at: AT, claimId, turnId, claim: '', effect: 'booked', hint: '', traceId: '' };
}

const idOf = (entry: TimelineEntry) => {
  if (entry.kind === 'claim') return entry.claimId;
  return entry.kind === 'turn' ? entry.turnId : entry.invocationId;
};

describe('a timeline', () => {
  it('places invocations after the turn that caused them, whatever the clocks say', () => {
    const entries = timelineOf([aTurn('t0', 0), aTurn('t1', 1)], [anInvocation('i1', 't1'), anInvocation('i0', 't0')], new Map(), []);

    expect(entries.map(idOf)).toEqual(['t0', 'i0', 't1', 'i1']);
  });

  it('puts invocations of a turn that was never reported last', () => {
    const entries = timelineOf([aTurn('t0', 0)], [anInvocation('lost', 't9'), anInvocation('i0', 't0')], new Map(), []);

    expect(entries.map(idOf)).toEqual(['t0', 'i0', 'lost']);
  });

  it('places claims right below the words they are about', () => {
    const entries = timelineOf([aTurn('t0', 0), aTurn('t1', 1)], [anInvocation('i0', 't0')], new Map(), [aClaim('c0', 't0')]);

    expect(entries.map(idOf)).toEqual(['t0', 'c0', 'i0', 't1']);
  });

  it('says how much was heard, and null where nobody said', () => {
    const entries = timelineOf([], [anInvocation('i0', 't0'), anInvocation('i1', 't0')], new Map([['i0', 'partly']]), []);

    expect(entries).toMatchObject([{ heard: 'partly' }, { heard: null }]);
  });
});
