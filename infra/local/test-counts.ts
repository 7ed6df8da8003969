/** One line of PATCHBAY_TEST_COUNTS, as a package's test runner appends it. */
export interface TestCount {
  package: string;
  passed: number;
  failed: number;
  skipped: number;
}

export interface TestOutcome {
  counts: TestCount[];
  /** The packages whose tests were to run. */
  expected: string[];
  failedChecks: string[];
  /** Of turbo. */
  exitCode: number;
}

export interface Verdict {
  /** What went wrong beside the tests themselves; each counts as one failure, so that the line never says 0 wrongly. */
  problems: string[];
  /** `N passed, N failed`, and `, N skipped` if there are any. */
  line: string;
  ok: boolean;
}

/** The last line when the tests could not even begin. */
export const NOTHING_RAN = '0 passed, 1 failed';

export function parseCounts(text: string): TestCount[] {
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as TestCount);
}

export function verdictOf({ counts, expected, failedChecks, exitCode }: TestOutcome): Verdict {
  const sum = (key: 'passed' | 'failed' | 'skipped') => counts.reduce((total, count) => total + count[key], 0);
  const reported = new Set(counts.map((count) => count.package));
  const problems = [
    ...failedChecks.map((check) => `The check "${check}" failed.`),
    ...expected.filter((name) => !reported.has(name)).map((name) => `${name} has tests but reported no count.`),
  ];
  if (sum('passed') + sum('failed') === 0) problems.push('No test ran.');
  if (exitCode !== 0 && sum('failed') + problems.length === 0)
    problems.push(`The tests ended with exit code ${exitCode}.`);

  const failed = sum('failed') + problems.length;
  const skipped = sum('skipped') > 0 ? `, ${sum('skipped')} skipped` : '';
  return { problems, line: `${sum('passed')} passed, ${failed} failed${skipped}`, ok: failed === 0 };
}
