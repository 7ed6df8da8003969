import { describe, expect, it } from '@jest/globals';
import { timingSegments } from './timing-segments.ts';

describe('timingSegments', () => {
  it('turns the moments of a fresh connection into the time between them', () => {
    const segments = timingSegments({ dns: 4, connect: 10, tls: 30, firstByte: 130, total: 142 });

    expect(segments.map(({ stage, fromMs, durationMs }) => [stage, fromMs, durationMs])).toEqual([
      ['dns', 0, 4],
      ['connect', 4, 6],
      ['tls', 10, 20],
      ['firstByte', 30, 100],
      ['total', 130, 12],
    ]);
  });

  it('leaves out the stages that a kept-alive connection does not have', () => {
    const segments = timingSegments({ firstByte: 80, total: 81.5 });

    expect(segments.map(({ label, durationMs }) => [label, durationMs])).toEqual([
      ['first byte', 80],
      ['body', 1.5],
    ]);
  });

  it('tell how long an attempt waited for its turn, unless it did not', () => {
    const stagesOf = (queue: number) => timingSegments({ queue, firstByte: 80, total: 81 }).map(({ stage, durationMs }) => [stage, durationMs]);

    expect(stagesOf(20)).toEqual([
      ['queue', 20],
      ['firstByte', 60],
      ['total', 1],
    ]);
    expect(stagesOf(0.4)).toEqual([
      ['firstByte', 80],
      ['total', 1],
    ]);
  });

  it('says that no answer came when the first byte is missing', () => {
    expect(timingSegments({ connect: 3, total: 2000 }).map(({ label }) => label)).toEqual(['connect', 'no answer']);
  });

  it('never goes backwards when a stage claims to be earlier than the one before', () => {
    const segments = timingSegments({ dns: 10, connect: 6, firstByte: 20, total: 20 });

    expect(segments.map(({ fromMs, durationMs }) => [fromMs, durationMs])).toEqual([
      [0, 10],
      [10, 10],
      [20, 0],
    ]);
  });

  it('has nothing to show for an attempt without timings', () => {
    expect(timingSegments({})).toEqual([]);
  });
});
