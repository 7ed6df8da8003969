import { describe, expect, it } from '@jest/globals';
import { runClosedLoop } from './load.ts';

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('runClosedLoop', () => {
  it('keeps as many calls in flight as asked, one per lane', async () => {
    const lanes = new Set<number>();
    let inFlight = 0;
    let most = 0;
    const call = async (lane: number) => {
      lanes.add(lane);
      most = Math.max(most, ++inFlight);
      await nextTurn();
      inFlight--;
      return null;
    };
    const sample = await runClosedLoop({ call }, { concurrency: 5, forMs: 20 });
    expect(most).toBe(5);
    expect([...lanes]).toEqual([0, 1, 2, 3, 4]);
    expect(inFlight).toBe(0);
    expect(sample.calls).toBeGreaterThanOrEqual(5);
    expect(sample.perSecond).toBeCloseTo((sample.calls * 1000) / sample.elapsedMs);
  });

  it('has no figures when one call fails, and stops the other lanes', async () => {
    let calls = 0;
    const call = async () => {
      await nextTurn();
      if (++calls === 7) throw new Error('invoke did not succeed: rejected');
      return null;
    };
    await expect(runClosedLoop({ call }, { concurrency: 3, forMs: 60_000 })).rejects.toThrow('did not succeed');
    expect(calls).toBeLessThan(11);
  });

  it('remembers a few traces, spread over the time', async () => {
    let number = 0;
    const call = async () => {
      await nextTurn();
      return `trace ${++number}`;
    };
    const { traceIds, calls } = await runClosedLoop({ call }, { concurrency: 2, forMs: 40 });
    expect(traceIds.length).toBeGreaterThan(0);
    expect(traceIds.length).toBeLessThanOrEqual(Math.min(calls, 21));
    expect(new Set(traceIds).size).toBe(traceIds.length);
  });
});
