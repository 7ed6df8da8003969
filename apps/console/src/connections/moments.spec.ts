import { describe, expect, it } from '@jest/globals';
import { momentsOf } from './moments.ts';

const NEVER = { lastCheckedAt: null, lastUsedAt: null, lastRefreshedAt: null, nextRefreshAt: null, expiresAt: null, undeleteUntil: null };

describe('momentsOf', () => {
  it('tells what happened and what will in the order of time, and nothing of what never did', () => {
    const connection = {
      ...NEVER,
      createdAt: '2026-03-01T00:00:00Z',
      lastUsedAt: '2026-03-02T10:00:00Z',
      lastCheckedAt: '2026-03-02T09:00:00Z',
      slots: [
        { slot: 'current', version: 2, hint: '', since: '2026-03-02T08:00:00Z', until: null },
        { slot: 'previous', version: 1, hint: '', since: '2026-03-01T00:00:00Z', until: '2026-03-03T08:00:00Z' },
      ] as const,
    };

    expect(momentsOf({ ...connection, slots: [...connection.slots] }).map(({ what }) => what)).toEqual([
      'Created',
      'Switched to secret 2',
      'Last checked',
      'Last good use',
      'Secret 1 is destroyed',
    ]);
  });
});
