import { describe, expect, it } from '@jest/globals';
import { parseCounts, verdictOf, type TestOutcome } from './test-counts.ts';

describe('the last line of npm test', () => {
  it('adds up what the packages reported', () => {
    const counts = parseCounts(
      '{"package":"a","passed":3,"failed":0,"skipped":0}\n{"package":"b","passed":4,"failed":0,"skipped":0}\n',
    );

    expect(verdictOf(outcome({ counts, expected: ['a', 'b'] }))).toEqual({
      problems: [],
      line: '7 passed, 0 failed',
      ok: true,
    });
  });

  it('names skipped tests only where there are any', () => {
    const counts = [{ package: 'a', passed: 1, failed: 2, skipped: 3 }];

    expect(verdictOf(outcome({ counts, exitCode: 1 }))).toEqual({
      problems: [],
      line: '1 passed, 2 failed, 3 skipped',
      ok: false,
    });
  });

  it('fails when a package with tests reported nothing', () => {
    const verdict = verdictOf(
      outcome({ counts: [{ package: 'a', passed: 1, failed: 0, skipped: 0 }], expected: ['a', 'b'], exitCode: 1 }),
    );

    expect(verdict).toEqual({
      problems: ['b has tests but reported no count.'],
      line: '1 passed, 1 failed',
      ok: false,
    });
  });

  it('fails when no test ran at all', () => {
    expect(verdictOf(outcome({}))).toMatchObject({ line: '0 passed, 1 failed', ok: false });
  });

  it('fails when a check failed although every test passed', () => {
    const counts = [{ package: 'a', passed: 1, failed: 0, skipped: 0 }];

    expect(verdictOf(outcome({ counts, failedChecks: ['lint'] }))).toEqual({
      problems: ['The check "lint" failed.'],
      line: '1 passed, 1 failed',
      ok: false,
    });
  });

  it('fails when the runner failed without saying why', () => {
    const counts = [{ package: 'a', passed: 1, failed: 0, skipped: 0 }];

    expect(verdictOf(outcome({ counts, exitCode: 2 }))).toMatchObject({ line: '1 passed, 1 failed', ok: false });
  });
});

function outcome(some: Partial<TestOutcome>): TestOutcome {
  return { counts: [], expected: [], failedChecks: [], exitCode: 0, ...some };
}
