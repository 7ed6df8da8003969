import { describe, expect, it } from '@jest/globals';
import { atLeast, atMost, exactly, none } from './figure.ts';

describe('a figure', () => {
  it.each([
    [atMost('a', 100, 100, 'ms'), true],
    [atMost('a', 100.01, 100, 'ms'), false],
    [atLeast('a', 1, 1), true],
    [atLeast('a', 0, 1), false],
    [exactly('a', 49, 49), true],
    [exactly('a', 48, 49), false],
  ])('%j holds: %s', ({ pass }, expected) => {
    expect(pass).toBe(expected);
  });

  it.each([atMost('a', Number.NaN, 100), atLeast('a', Number.NaN, 0), atMost('a', Infinity, 100)])(
    'that was not measured does not hold: %j',
    ({ pass }) => {
      expect(pass).toBe(false);
    },
  );

  it('of offenders counts all and names the first few', () => {
    const offenders = Array.from({ length: 9 }, (_, number) => `call ${number}`);
    expect(none('a', offenders)).toEqual({ name: 'a', figure: 9, bound: '= 0', pass: false, offenders: offenders.slice(0, 5) });
    expect(none('a', [])).toEqual({ name: 'a', figure: 0, bound: '= 0', pass: true });
  });
});
