import { appendFileSync } from 'node:fs';

/** Appends one JSON line of counts per package to PATCHBAY_TEST_COUNTS, from which `npm test` adds up its last line. */
export default class CountsReporter {
  onRunComplete(_contexts, results) {
    const file = process.env.PATCHBAY_TEST_COUNTS;
    if (!file) return;
    const { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites } = results;
    const counts = {
      package: process.env.npm_package_name,
      passed: numPassedTests,
      failed: numFailedTests + numRuntimeErrorTestSuites,
      skipped: numPendingTests,
    };
    appendFileSync(file, `${JSON.stringify(counts)}\n`);
  }
}
