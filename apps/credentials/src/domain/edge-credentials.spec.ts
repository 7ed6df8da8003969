import { describe, expect, it } from '@jest/globals';
import { credentialsExpiry, overlapEnd } from './edge-credentials.ts';

const now = new Date('2026-11-21T12:00:00.700Z');
const hours = (count: number) => new Date(now.getTime() + count * 3_600_000);

describe("an edge's credentials", () => {
  it('end at a whole second, as their JWT does', () => {
    expect(credentialsExpiry(1, now)).toEqual(new Date('2026-11-22T12:00:00.000Z'));
    expect(credentialsExpiry(undefined, now)).toBeNull();
  });

  it('work beside new ones until the overlap ends, and not longer than those', () => {
    expect(overlapEnd(24, null, now)).toEqual(hours(24));
    expect(overlapEnd(48, hours(24), now)).toEqual(hours(24));
    expect(overlapEnd(0, hours(24), now)).toEqual(now);
  });
});
