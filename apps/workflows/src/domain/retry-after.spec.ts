import { describe, expect, it } from '@jest/globals';
import { retryAfterMs } from './retry-after.ts';

const now = new Date('2026-11-21T08:00:00.000Z');

describe('the retry-after header', () => {
  it('may be a number of seconds', () => {
    expect(retryAfterMs('120', now)).toBe(120_000);
  });

  it('may be an HTTP date', () => {
    expect(retryAfterMs('Sat, 21 Nov 2026 08:01:30 GMT', now)).toBe(90_000);
  });

  it('asks for nothing when its date has passed', () => {
    expect(retryAfterMs('Sat, 21 Nov 2026 07:00:00 GMT', now)).toBe(0);
  });

  it.each([undefined, '', 'soon', '-5', '1e99', '9'.repeat(400)])('asks for nothing readable as %j', (header) => {
    expect(retryAfterMs(header, now)).toBeNull();
  });
});
