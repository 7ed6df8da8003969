import { describe, expect, it } from '@jest/globals';
import { readOptions, UsageError } from './options.ts';

const CASES = ['kill-runner', 'reset-before', 'reset-after'];

describe('readOptions', () => {
  it('runs everything with a new seed unless told', () => {
    const { seed, only, list } = readOptions([], CASES);
    expect({ only, list }).toEqual({ only: null, list: false });
    expect(Number.isInteger(seed)).toBe(true);
  });

  it('takes a seed and a selection, in the order of the cases', () => {
    expect(readOptions(['--seed', '42', '--only', 'reset-after, kill-runner'], CASES)).toMatchObject({
      seed: 42,
      only: ['kill-runner', 'reset-after'],
    });
  });

  it('takes the beginning of names', () => {
    expect(readOptions(['--only', 'reset-*'], CASES).only).toEqual(['reset-before', 'reset-after']);
  });

  it.each([
    ['a seed that is no number', ['--seed', 'x']],
    ['a seed below 0', ['--seed=-1']],
    ['a seed that is too large', ['--seed', '4294967296']],
    ['an unknown case', ['--only', 'kill-runer']],
    ['an unknown option', ['--fast']],
  ])('refuses %s, and says how it is meant', (_what, argv) => {
    expect(() => readOptions(argv, CASES)).toThrow(UsageError);
    expect(() => readOptions(argv, CASES)).toThrow('npm run faults --');
  });
});
