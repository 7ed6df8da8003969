import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { randomApiKey } from './random-secrets.ts';
import { isSameKey, parseApiKey } from './api-key.ts';

const secret = 'A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6';

describe('an API key', () => {
  it('is found by its id and kept as the SHA-256 of all of it', () => {
    const text = `pbk_0123456789abcdef_${secret}`;

    expect(parseApiKey(text)).toEqual({
      apiKeyId: 'key_0123456789abcdef',
      hash: createHash('sha256').update(text).digest(),
    });
  });

  it.each([
    '',
    'pbk_',
    secret,
    `pbk_0123456789abcde_${secret}`,
    `pbk_0123456789ABCDEF_${secret}`,
    'pbk_0123456789abcdef_short',
    `pbk_0123456789abcdef_${secret}\n`,
    `Bearer pbk_0123456789abcdef_${secret}`,
  ])('does not have the form %j', (text) => {
    expect(parseApiKey(text)).toBeNull();
  });

  it('has that form when we make it, and is never the same twice', () => {
    const [first, second] = [randomApiKey(), randomApiKey()];

    expect(parseApiKey(first)).not.toBeNull();
    expect(first).not.toBe(second);
  });

  it('equals itself and nothing else, whatever the length', () => {
    const hash = parseApiKey(`pbk_0123456789abcdef_${secret}`)!.hash;
    const other = parseApiKey(`pbk_0123456789abcdef_${secret}x`)!.hash;

    expect(isSameKey(hash, Buffer.from(hash))).toBe(true);
    expect(isSameKey(hash, other)).toBe(false);
    expect(isSameKey(hash, Buffer.alloc(0))).toBe(false);
  });
});
