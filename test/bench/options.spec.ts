import { describe, expect, it } from '@jest/globals';
import { CONTENDERS } from './contenders/contender.ts';
import { readOptions, UsageError } from './options.ts';

describe('readOptions', () => {
  it('measures everything for a few minutes unless told', () => {
    expect(readOptions([])).toEqual({ rounds: 3, seconds: 3, contenders: [...CONTENDERS], memoryCalls: 100_000, json: false });
  });

  it('takes longer runs, a selection and JSON alone', () => {
    const options = readOptions(['--rounds', '5', '--seconds', '0.5', '--only', 'patchbayRead, webhook', '--calls', '0', '--json']);
    expect(options).toEqual({ rounds: 5, seconds: 0.5, contenders: ['webhook', 'patchbayRead'], memoryCalls: 0, json: true });
  });

  it.each([
    ['rounds that are no whole number', ['--rounds', '1.5']],
    ['no time at all', ['--seconds', '0']],
    ['a load without end', ['--seconds', '100000']],
    ['an unknown contender', ['--only', 'webhok']],
    ['half a call', ['--calls', '0.5']],
    ['an unknown option', ['--fast']],
  ])('refuses %s, and says how it is meant', (_what, argv) => {
    expect(() => readOptions(argv)).toThrow(UsageError);
    expect(() => readOptions(argv)).toThrow('npm run bench --');
  });
});
