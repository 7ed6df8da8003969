import { describe, expect, it } from '@jest/globals';
import { readOptions, UsageError } from './options.ts';

const read = (...args: string[]) => readOptions(args, '/home/somebody');

describe('the options of the canary', () => {
  it('are a platform of its own unless they say otherwise', () => {
    expect(read()).toEqual({ replay: undefined, faults: [], keep: false, suite: false, tests: [] });
  });

  it('name conversations from where the command was typed, and cases of faults', () => {
    expect(read('--replay', 'calls', '--faults', 'a,b')).toMatchObject({ replay: '/home/somebody/calls', faults: ['a', 'b'] });
  });

  it('hand on to the tests what follows after two dashes', () => {
    expect(read('--suite', '--', '--filter=@patchbay/runner')).toMatchObject({ suite: true, tests: ['--filter=@patchbay/runner'] });
  });

  it.each([[['--suite', '--faults', 'a']], [['--', '--filter=@patchbay/runner']], [['--unknown']]])('are refused with what is possible where %j makes no sense', (args) => {
    expect(() => read(...args)).toThrow(UsageError);
    expect(() => read(...args)).toThrow('npm run canary -- --suite');
  });
});
