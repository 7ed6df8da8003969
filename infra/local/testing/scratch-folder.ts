import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A folder of one test file, which PostgreSQL's own user may pass through where root runs the tests. It lies in the
 * folder of the test run, which finds the processes recorded in it when the tests are interrupted.
 */
export function makeScratchFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(process.env.PATCHBAY_TEST_FOLDER ?? tmpdir(), 'patchbay-local-'));
  chmodSync(path, 0o711);
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
