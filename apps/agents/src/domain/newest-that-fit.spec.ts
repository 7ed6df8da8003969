import { describe, expect, it } from '@jest/globals';
import type { AgentVersion } from '@patchbay/contracts/agents';
import { newestThatFit } from './newest-that-fit.ts';

const aVersion = (number: number, kilobytes: number): AgentVersion => ({
  versionId: `ver_${number}`,
  agentId: 'agt_1',
  number,
  state: 'draft',
  instructions: 'x'.repeat(kilobytes * 1024),
  functions: [],
  speech: { language: 'en', region: 'US', timeZone: 'UTC' },
  turnBudgetMs: 8_000,
  maxDurationMs: 3_600_000,
  inactivity: { checkInAfterMs: 10_000, maxCheckIns: 2, endAfterMs: 30_000 },
  createdAt: '2026-11-01T00:00:00.000Z',
});
const numbersOf = (versions: AgentVersion[]) => newestThatFit(versions).map(({ number }) => number);

describe('the versions in a reply', () => {
  it('are all of them while they are small', () => {
    expect(numbersOf([aVersion(2, 1), aVersion(1, 1)])).toEqual([2, 1]);
  });

  it('are the newest that fit, and at least one', () => {
    expect(numbersOf([aVersion(4, 300), aVersion(3, 200), aVersion(2, 100), aVersion(1, 1)])).toEqual([4, 3]);
    expect(numbersOf([aVersion(2, 600), aVersion(1, 1)])).toEqual([2]);
  });
});
