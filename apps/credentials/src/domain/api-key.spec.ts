import { describe, expect, it } from '@jest/globals';
import { expiryAfter, isActive, roleOf, rotation, type ApiKeyState } from './api-key.ts';

const now = new Date('2026-11-21T12:00:00.000Z');
const hours = (count: number) => new Date(now.getTime() + count * 3_600_000);
const key: ApiKeyState = { apiKeyId: 'key_a', name: 'ci', permissions: ['calls:read'], createdAt: hours(-24), expiresAt: null, revokedAt: null };
const asked = { overlapHours: 24 };

describe('an API key', () => {
  it('works until its expiry, and not in that moment', () => {
    expect(isActive({ expiresAt: hours(1), revokedAt: null }, now)).toBe(true);
    expect(isActive({ expiresAt: now, revokedAt: null }, now)).toBe(false);
    expect(isActive({ expiresAt: null, revokedAt: null }, now)).toBe(true);
  });

  it('does not work once it is revoked', () => {
    expect(isActive({ expiresAt: null, revokedAt: hours(-1) }, now)).toBe(false);
  });

  it('never expires unless days are given', () => {
    expect(expiryAfter(undefined, now)).toBeNull();
    expect(expiryAfter(2, now)).toEqual(hours(48));
  });

  it('is an operator’s when it may make organizations', () => {
    expect(roleOf(['organizations:create', 'calls:read'])).toBe('operator');
    expect(roleOf(['keys:write'])).toBe('member');
  });
});

describe('the rotation of an API key', () => {
  it('lets the old one work until the overlap ends', () => {
    expect(rotation(key, [key], asked, now)).toEqual({ expiresAt: null, oldEndsAt: hours(24) });
    expect(rotation(key, [key], { overlapHours: 0 }, now).oldEndsAt).toEqual(now);
  });

  it('never makes the old one work longer than it would have', () => {
    expect(rotation({ ...key, expiresAt: hours(2) }, [key], asked, now).oldEndsAt).toEqual(hours(2));
  });

  it('gives the new one the length of the old one’s life, unless told otherwise', () => {
    const ending = { ...key, expiresAt: hours(24) };

    expect(rotation(ending, [ending], asked, now).expiresAt).toEqual(hours(48));
    expect(rotation(ending, [ending], { ...asked, expiresAfterDays: 1 }, now).expiresAt).toEqual(hours(24));
  });

  it('is refused while another key of the name works', () => {
    const other = { ...key, apiKeyId: 'key_b' };

    expect(() => rotation(key, [key, other], asked, now)).toThrow(/revoke key_b or wait/);
    expect(rotation(key, [key, { ...other, revokedAt: hours(-1) }], asked, now).oldEndsAt).toEqual(hours(24));
  });

  it('is refused for a key that has ended', () => {
    expect(() => rotation({ ...key, revokedAt: hours(-1) }, [], asked, now)).toThrow(/has ended/);
  });
});
