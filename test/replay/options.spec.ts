import { describe, expect, it } from '@jest/globals';
import { readOptions } from './options.ts';

describe('the command line', () => {
  it('plays everything, eight conversations at a time, unless told', () => {
    expect(readOptions(['data/sgd'], '/home')).toEqual({
      path: '/home/data/sgd',
      limit: Number.MAX_SAFE_INTEGER,
      concurrency: 8,
      json: false,
      consent: false,
      explain: false,
    });
  });

  it('takes a limit, a concurrency and --json', () => {
    expect(readOptions(['--json', '/x', '--limit', '3', '--concurrency=2'], '/home')).toMatchObject({
      limit: 3,
      concurrency: 2,
      json: true,
    });
  });

  it.each([[[]], [['a', 'b']], [['a', '--limit', '0']], [['a', '--concurrency', 'many']], [['a', '--fast']], [['a', '--explain']]])(
    'explains itself for %j',
    (argv) => {
      expect(() => readOptions(argv, '/home')).toThrow('npm run replay -- <folder or file>');
    },
  );
});
