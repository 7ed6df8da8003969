import { describe, expect, it } from '@jest/globals';
import { isKeyLike, keyInFragment } from './stored-key.ts';

describe('keyInFragment', () => {
  it('finds the key of a link', () => {
    expect(keyInFragment('#key=pbk_abc-123')).toBe('pbk_abc-123');
  });

  it.each(['', '#', '#key=', '#main', '#other=pbk_abc'])('finds no key in %p', (fragment) => {
    expect(keyInFragment(fragment)).toBeNull();
  });
});

describe('isKeyLike', () => {
  it('accepts what a header can carry', () => {
    expect(isKeyLike('pbk_abc-123')).toBe(true);
  });

  it.each(['', 'two words', 'schlüssel', 'line\nbreak', 'x'.repeat(201)])('refuses %p', (text) => {
    expect(isKeyLike(text)).toBe(false);
  });
});
