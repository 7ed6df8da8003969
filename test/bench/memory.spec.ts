import { describe, expect, it } from '@jest/globals';
import { canReadCpu } from './cpu.ts';
import { quarters, watchMemory } from './memory.ts';

describe('quarters', () => {
  it('compares the middle of the first quarter with that of the last, so that one spike is not a trend', () => {
    const residents = [100, 900, 102, 1, 2, 3, 4, 5, 6, 110, 111, 112];
    expect(quarters(residents)).toEqual({ residentFirstMb: 102, residentLastMb: 111 });
  });

  it('says nothing where memory could not be read', () => {
    expect(quarters([])).toEqual({ residentFirstMb: null, residentLastMb: null });
  });
});

describe('watchMemory', () => {
  it('makes as many calls as asked after the heap is filled, and tells what is held for each', async () => {
    const asked: number[] = [];
    const held = [1_000, 311_000];
    const memory = await watchMemory({ pid: process.pid, inspector: { heldBytes: async () => held.shift()! } }, 6_000, {
      load: async (most) => (asked.push(most), most),
      settle: async () => undefined,
    });
    expect(asked).toEqual([25_000, 2_500, 2_500, 1_000]);
    expect(memory).toMatchObject({ calls: 6_000, heldBytesPerCall: 10 });
    expect(memory.residentFirstMb === null).toBe(!canReadCpu);
  });
});
