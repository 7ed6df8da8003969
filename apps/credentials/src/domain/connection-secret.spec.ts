import { describe, expect, it } from '@jest/globals';
import { hintOf, secretFrom, storedSecret } from './connection-secret.ts';

describe('the hint of a secret', () => {
  it('is its last four characters from 16 on', () => {
    expect(hintOf({ secret: '0123456789abcdef' })).toBe('cdef');
  });

  it('is nothing for a shorter one', () => {
    expect(hintOf({ secret: '0123456789abcde' })).toBe('');
  });

  it('is of the only header, and of none of several', () => {
    expect(hintOf({ headers: { 'x-key': '0123456789abcdef' } })).toBe('cdef');
    expect(hintOf({ headers: { 'x-key': '0123456789abcdef', 'x-account': '0123456789abcdef' } })).toBe('');
  });
});

describe('a stored secret', () => {
  it.each(['bearer', 'signing_secret'] as const)('of the kind %s is the bare text, as the first release wrote it', (kind) => {
    expect(storedSecret(kind, { secret: '{"secret":"x"}' })).toBe('{"secret":"x"}');
    expect(secretFrom(kind, '{"secret":"x"}')).toEqual({ secret: '{"secret":"x"}' });
  });

  it('of another kind comes back as it was', () => {
    expect(secretFrom('custom_headers', storedSecret('custom_headers', { headers: { 'X-Key': 'a"b' } }))).toEqual({ headers: { 'X-Key': 'a"b' } });
    expect(secretFrom('basic', storedSecret('basic', { secret: 'pass"word' }))).toEqual({ secret: 'pass"word' });
  });
});
