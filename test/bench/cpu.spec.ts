import { describe, expect, it } from '@jest/globals';
import { canReadCpu, familyCpuMs, parseStat, processCpuMs } from './cpu.ts';

describe('parseStat', () => {
  it('reads the times behind a name with spaces and parentheses', () => {
    const stat = '42 (a (b) c) S 7 42 42 0 -1 4194304 100 0 0 0 150 50 30 10 20 0 11 0 1000 1 2';
    expect(parseStat(stat)).toEqual({ parentPid: 7, ownMs: 2000, endedChildrenMs: 400 });
  });
});

describe('CPU time', () => {
  it('is read for this process where there is a /proc, and its family has at least as much', () => {
    const [ownMs, withChildrenMs] = canReadCpu ? [processCpuMs(process.pid), familyCpuMs(process.pid)] : [1, 1];
    expect(ownMs).toBeGreaterThan(0);
    expect(withChildrenMs).toBeGreaterThanOrEqual(ownMs);
  });

  it('of a process that is gone is an error, not zero', () => {
    expect(() => processCpuMs(2 ** 22 + 1)).toThrow('ended while it was measured');
  });
});
