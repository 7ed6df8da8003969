import { describe, expect, it } from '@jest/globals';
import type { Span } from '@patchbay/contracts/observability';
import { axisTicks, groupByTrace, layoutTrace } from './trace-layout.ts';

const START_NANO = 1_772_445_600_000_000_000n;

function aSpan(spanId: string, parentSpanId: string | null, offsetMs: number, durationMs: number): Span {
  return {
    traceId: 'a'.repeat(32),
    spanId,
    parentSpanId,
    name: spanId,
    kind: 'internal',
    service: 'runner',
    startUnixNano: String(START_NANO + BigInt(Math.round(offsetMs * 1e6))),
    durationMs,
    status: 'ok',
    attributes: {},
  };
}

const TURN = [
  aSpan('attempt', 'execute', 12, 80),
  aSpan('turn', null, 0, 100),
  aSpan('execute', 'process', 10, 85),
  aSpan('send', 'turn', 5, 95),
  aSpan('process', 'send', 8, 90),
];

describe('layoutTrace', () => {
  it('puts parents before children and counts how deep each is', () => {
    const { rows } = layoutTrace(TURN);

    expect(rows.map(({ span, depth }) => [span.spanId, depth])).toEqual([
      ['turn', 0],
      ['send', 1],
      ['process', 2],
      ['execute', 3],
      ['attempt', 4],
    ]);
  });

  it('places bars as parts of the whole trace', () => {
    const { totalMs, rows } = layoutTrace(TURN);

    expect(totalMs).toBe(100);
    expect(rows.map(({ offsetMs, start, width }) => [offsetMs, start, width])).toEqual([
      [0, 0, 1],
      [5, 0.05, 0.95],
      [8, 0.08, 0.9],
      [10, 0.1, 0.85],
      [12, 0.12, 0.8],
    ]);
  });

  it('orders siblings by start and keeps the children of one together', () => {
    const spans = [
      aSpan('second', 'turn', 50, 10),
      aSpan('inner', 'first', 20, 5),
      aSpan('first', 'turn', 10, 30),
      aSpan('turn', null, 0, 60),
    ];

    expect(layoutTrace(spans).rows.map(({ span }) => span.spanId)).toEqual(['turn', 'first', 'inner', 'second']);
  });

  it('shows a span whose parent was not recorded at the left', () => {
    const { rows } = layoutTrace([aSpan('process', 'elsewhere', 3, 4)]);

    expect(rows).toEqual([expect.objectContaining({ depth: 0, offsetMs: 0, start: 0, width: 1 })]);
  });

  it('shows spans that name each other as parents once each', () => {
    const { rows } = layoutTrace([aSpan('one', 'two', 0, 5), aSpan('two', 'one', 1, 5)]);

    expect(rows.map(({ span }) => span.spanId)).toEqual(['one', 'two']);
  });

  it('draws a chain of ten thousand spans', () => {
    const chain = Array.from({ length: 10_000 }, (_, index) =>
      aSpan(`s${index}`, index ? `s${index - 1}` : null, index, 1),
    );

    expect(layoutTrace(chain).rows.at(-1)).toMatchObject({ depth: 9_999, offsetMs: 9_999 });
  });

  it('keeps microseconds apart although the clock counts nanoseconds since 1970', () => {
    const { rows } = layoutTrace([aSpan('turn', null, 0, 1), aSpan('send', 'turn', 0.001, 0.5)]);

    expect(rows[1]!.offsetMs).toBe(0.001);
  });

  it('has no rows without spans, and no length without time', () => {
    expect(layoutTrace([])).toEqual({ totalMs: 0, rows: [] });
    expect(layoutTrace([aSpan('turn', null, 0, 0)])).toMatchObject({ totalMs: 0, rows: [{ start: 0, width: 0 }] });
  });
});

describe('groupByTrace', () => {
  it('keeps the spans of two turns apart', () => {
    const other = { ...aSpan('turn', null, 0, 1), traceId: 'b'.repeat(32) };

    const groups = groupByTrace([...TURN, other]);

    expect([...groups].map(([traceId, spans]) => [traceId[0], spans.length])).toEqual([
      ['a', 5],
      ['b', 1],
    ]);
  });
});

describe('axisTicks', () => {
  it.each([
    [100, [0, 50, 100]],
    [142, [0, 50, 100]],
    [9, [0, 5]],
    [4_000, [0, 1000, 2000, 3000, 4000]],
    [0.8, [0, 0.2, 0.4, 0.6000000000000001, 0.8]],
    [0, [0]],
  ])('divides %d ms into round steps', (totalMs, ticks) => {
    expect(axisTicks(totalMs)).toEqual(ticks);
  });
});
