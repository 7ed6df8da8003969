import { describe, expect, it } from '@jest/globals';
import { Random } from './random.ts';

const SOME = 5_000;

describe('Random', () => {
  it('gives the same numbers again for the same seed, and others for another', () => {
    const numbers = (seed: number) => {
      const random = new Random(seed);
      return Array.from({ length: 20 }, () => random.next());
    };
    expect(numbers(7)).toEqual(numbers(7));
    expect(numbers(7)).not.toEqual(numbers(8));
  });

  it('gives whole numbers with both ends, and about equally often', () => {
    const random = new Random(1);
    const counts = new Map<number, number>();
    for (let number = 0; number < SOME; number++) {
      const drawn = random.between(3, 7);
      counts.set(drawn, (counts.get(drawn) ?? 0) + 1);
    }
    expect([...counts.keys()].toSorted((a, b) => a - b)).toEqual([3, 4, 5, 6, 7]);
    expect(Math.min(...counts.values())).toBeGreaterThan(SOME / 5 / 2);
  });

  it('picks every one of the items', () => {
    const random = new Random(2);
    expect(new Set(Array.from({ length: 100 }, () => random.pick(['a', 'b', 'c'])))).toEqual(new Set(['a', 'b', 'c']));
  });
});
