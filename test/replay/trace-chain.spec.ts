import { describe, expect, it } from '@jest/globals';
import type { PlayedTurn, SentRequest } from './played.ts';
import { missingLink } from './trace-chain.ts';
import type { StoredSpan } from './trace-chain.ts';

function turnWith(...sent: SentRequest[]): PlayedTurn {
  return { turnId: 'trn_1', index: 0, role: 'caller', text: 'Hello', traceId: 't', spanId: 'turn', sent };
}
const REPORT: SentRequest = { operation: 'turn', spanId: 'send', lastLink: 'process' };
const INVOKE: SentRequest = { operation: 'invoke', spanId: 'send', lastLink: 'http_attempt' };

function span(spanId: string, parentSpanId: string | null, name: string, kind = 'internal'): StoredSpan {
  return { traceId: 't', spanId, parentSpanId, name, kind };
}
const CHAIN = [
  span('turn', null, 'turn'),
  span('send', 'turn', 'send edge.v1.{org}.{edge}.invoke', 'producer'),
  span('process', 'send', 'process edge.v1.{org}.{edge}.invoke', 'consumer'),
  span('tool', 'process', 'execute_tool find'),
  span('http', 'tool', 'GET /find', 'client'),
];
const without = (spanId: string) => CHAIN.filter((each) => each.spanId !== spanId);

describe('the chain of a turn', () => {
  it('is complete when every span is the parent of the next', () => {
    expect(missingLink(turnWith(INVOKE), CHAIN)).toBeNull();
  });

  it('ends at process for a turn without an invocation', () => {
    expect(missingLink(turnWith(REPORT), CHAIN.slice(0, 3))).toBeNull();
  });

  it.each([
    ['turn', 'trace t has no turn span'],
    ['send', 'trace t has no send span for its invoke'],
    ['process', 'trace t has no process span for its invoke'],
    ['tool', 'trace t has no execute_tool span for its invoke'],
    ['http', 'trace t has no HTTP attempt span for its invoke'],
  ])('is broken without %s', (spanId, problem) => {
    expect(missingLink(turnWith(INVOKE), without(spanId))).toBe(problem);
  });

  it('is broken by a span that stands between two links', () => {
    const between = [
      ...without('tool'),
      span('extra', 'process', 'handle'),
      span('tool', 'extra', 'execute_tool find'),
    ];

    expect(missingLink(turnWith(INVOKE), between)).toBe('trace t has no execute_tool span for its invoke');
  });

  it('is broken when its spans are in another trace', () => {
    expect(
      missingLink(
        turnWith(INVOKE),
        CHAIN.map((each) => ({ ...each, traceId: 'other' })),
      ),
    ).toBe('trace t has no turn span');
  });

  it('is complete when one of several tries of a request is', () => {
    const repeated = [span('first', 'send', 'process edge.v1.{org}.{edge}.invoke', 'consumer'), ...CHAIN];

    expect(missingLink(turnWith(INVOKE), repeated)).toBeNull();
  });

  it('needs no HTTP attempt where nothing was sent to the provider', () => {
    expect(missingLink(turnWith({ ...INVOKE, lastLink: 'execute_tool' }), without('http'))).toBeNull();
  });

  it('is not looked for when the turn was lost already', () => {
    expect(missingLink(turnWith(), [])).toBeNull();
  });
});
