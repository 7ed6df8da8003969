import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathsIn } from './paths.ts';
import { freePort } from './ports.ts';
import { startPostgres } from './postgres.ts';
import { writePrivateFile } from './private-file.ts';
import { ProcessRecord, endLeftovers } from './process-record.ts';
import { findHolder, lockDataFolder } from './running.ts';

/** A crash may lose everything here: the folder lives as long as the test run. */
const NOT_DURABLE = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

/** In the folder of a run that is kept. */
export const DATABASE_URL_FILE = 'database-url';

export interface TestRun {
  /** Fresh, and gone when the run ends, unless it is kept. */
  folder: string;
  /** The superuser's URL. */
  databaseUrl: string;
}

/** Starts a PostgreSQL for one test run, in a folder of its own below `.patchbay/test`; or in `kept`, where everything stays. */
export async function startTestRun(
  dataDir: string,
  undo: AsyncDisposableStack,
  signal?: AbortSignal,
  kept?: string,
): Promise<TestRun> {
  const runs = join(dataDir, 'test');
  makePassable(dataDir, runs);
  await removeDeadRuns(runs);

  const folder = kept ?? join(runs, String(process.pid));
  makePassable(folder);
  undo.defer(() => (kept ? endProcesses(kept) : endRun(folder)));
  undo.defer(lockDataFolder(folder));
  const { url } = await startPostgres({
    dataDir: pathsIn(folder).postgres,
    port: await freePort(),
    password: randomBytes(16).toString('hex'),
    logFile: join(folder, 'postgres.log'),
    record: new ProcessRecord(pathsIn(folder).processes),
    settings: NOT_DURABLE,
    signal,
    undo,
  });
  // Whoever searches the run afterwards starts this PostgreSQL again, and needs its password.
  if (kept) writePrivateFile(join(kept, DATABASE_URL_FILE), url);
  return { folder, databaseUrl: url };
}

async function removeDeadRuns(runs: string): Promise<void> {
  for (const name of readdirSync(runs)) {
    const folder = join(runs, name);
    if (findHolder(folder) === undefined) await endRun(folder);
  }
}

/** Test files of this package record what they start in folders below the run's; an interrupted one leaves it to us. */
async function endRun(folder: string): Promise<void> {
  await endProcesses(folder);
  rmSync(folder, { recursive: true, force: true });
}

async function endProcesses(folder: string): Promise<void> {
  const below = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  for (const { name } of below) await endLeftovers(pathsIn(join(folder, name)).processes);
  await endLeftovers(pathsIn(folder).processes);
}

/** PostgreSQL's user must be able to pass through to its own folder. */
function makePassable(...folders: string[]): void {
  for (const folder of folders) {
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, process.getuid?.() === 0 ? 0o711 : 0o700);
  }
}
