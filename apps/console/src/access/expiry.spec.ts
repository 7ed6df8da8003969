import { describe, expect, it } from '@jest/globals';
import { endState, expiryOf } from './expiry.ts';

const now = new Date('2026-03-02T18:00:00Z');

describe('endState', () => {
  it.each([
    [null, null, 'active'],
    ['2026-06-01T00:00:00Z', null, 'active'],
    ['2026-03-05T00:00:00Z', null, 'ends soon'],
    ['2026-03-02T18:00:00Z', null, 'expired'],
    ['2026-06-01T00:00:00Z', '2026-03-01T00:00:00Z', 'revoked'],
  ])('of what expires %s and was revoked %s is %s', (expiresAt, revokedAt, state) => {
    expect(endState({ expiresAt, revokedAt }, now)).toBe(state);
  });
});

describe('expiryOf', () => {
  it('says days, and nothing for what does not end', () => {
    expect([expiryOf('30'), expiryOf('')]).toEqual([{ expiresAfterDays: 30 }, {}]);
  });
});
