// What `npm test` runs: the checks, then every package's tests against a PostgreSQL of this run, then the one line that
// counts them. Extra arguments go to turbo: `npm test -- --filter=@patchbay/runner`.
import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync, readFileSync } from 'node:fs';
import { availableParallelism, constants } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { runChecks } from './check.ts';
import { ensureChromium } from './chromium.ts';
import { runCommand } from './command.ts';
import { findNatsBinary } from './nats-server.ts';
import { createFolders, dataDirFrom, pathsIn, repoRoot } from './paths.ts';
import { continueProgress } from './progress.mjs';
import { onStopSignal } from './stop-signal.ts';
import { NOTHING_RAN, parseCounts, verdictOf, type Verdict } from './test-counts.ts';
import { startTestRun } from './test-database.ts';

const STEPS = 3;
const TURBO = join(repoRoot, 'node_modules', '.bin', 'turbo');
/** Packages that are tested side by side. They have one PostgreSQL, with 200 connections, and everything else of their own. */
const MOST_AT_ONCE = 4;
const TURBO_GRACE_MS = 10_000;
const POLL_MS = 50;
const STOPPED = 128 + constants.signals.SIGINT;

const args = process.argv.slice(2);
/** A folder in which everything that the tests leave stays, with what they print, so that it can be searched. */
const kept = process.env.PATCHBAY_TEST_KEEP;
const progress = continueProgress(process.env.PATCHBAY_PROGRESS, STEPS);
const stopSignal = onStopSignal();

main().catch((error: Error) => {
  const stopped = error.name === 'AbortError';
  console.error(stopped ? '\nStopped.' : `\n${error.message}`);
  if (!stopped) console.log(NOTHING_RAN);
  process.exitCode = stopped ? STOPPED : 1;
});

async function main(): Promise<void> {
  const { problems, line, ok } = await testEverything();
  for (const problem of problems) console.log(problem);
  console.log(line);
  process.exitCode = ok ? 0 : 1;
}

/** By the time it returns, everything that it started has stopped: nothing is printed after the last line. */
async function testEverything(): Promise<Verdict> {
  const undo = new AsyncDisposableStack();
  try {
    return await runEverything(undo);
  } finally {
    await undo.disposeAsync();
  }
}

async function runEverything(undo: AsyncDisposableStack): Promise<Verdict> {
  const { env, countsFile } = await prepare(undo);
  const failedChecks = await runChecks(progress, stopSignal);
  const expected = await packagesWithTests();
  // Only a heading: the tests print as they go, and a line that is redrawn would run through theirs.
  progress.heading('running the tests');
  stopSignal.throwIfAborted();
  const exitCode = await runTests(env);
  stopSignal.throwIfAborted();
  const counts = existsSync(countsFile) ? parseCounts(readFileSync(countsFile, 'utf8')) : [];
  return verdictOf({ counts, expected, failedChecks, exitCode });
}

async function prepare(undo: AsyncDisposableStack): Promise<{ env: NodeJS.ProcessEnv; countsFile: string }> {
  const paths = pathsIn(dataDirFrom(process.env));
  createFolders(paths);
  return progress.step('preparing PostgreSQL, nats-server and Chromium', async ({ item }) => {
    const { folder, databaseUrl } = await startTestRun(paths.dataDir, undo, stopSignal, kept);
    const nats = await findNatsBinary({ env: process.env, binDir: paths.bin, note: item, signal: stopSignal });
    const chromium = await ensureChromium(process.env, item, stopSignal);
    const countsFile = join(folder, 'counts.jsonl');
    const variables = {
      TEST_DATABASE_URL: databaseUrl,
      PATCHBAY_NATS_SERVER: nats,
      PATCHBAY_CHROMIUM: chromium,
      PATCHBAY_TEST_COUNTS: countsFile,
      PATCHBAY_TEST_FOLDER: folder,
    };
    return { env: { ...process.env, ...variables }, countsFile };
  });
}

async function packagesWithTests(): Promise<string[]> {
  const { code, output } = await runCommand(TURBO, ['run', 'test', '--dry=json', ...args], {
    cwd: repoRoot,
    signal: stopSignal,
  });
  const start = output.indexOf('{');
  if (code !== 0 || start < 0) throw new Error(`turbo cannot tell which tests to run:\n\n${output}`);
  const { tasks } = JSON.parse(output.slice(start, output.lastIndexOf('}') + 1)) as {
    tasks: { task: string; package: string; command: string }[];
  };
  return tasks
    .filter(({ task, command }) => task === 'test' && command !== '<NONEXISTENT>')
    .map((task) => task.package);
}

/**
 * turbo in a process group of its own: the turbo that is started here is a wrapper, which would die of a signal and
 * leave the real one and its tasks running. A signal goes to the whole group, once, and the group is waited for.
 */
async function runTests(env: NodeJS.ProcessEnv): Promise<number> {
  const concurrency = `--concurrency=${Math.min(availableParallelism(), MOST_AT_ONCE)}`;
  const fixed = [concurrency, '--continue', '--cache=local:rw', '--ui=stream', '--output-logs=full'];
  const stdio: StdioOptions = kept ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'];
  const turbo = spawn(TURBO, ['run', 'test', ...fixed, ...args], { cwd: repoRoot, env, stdio, detached: true });
  if (kept) keepOutput(turbo, join(kept, 'output.log'));
  const stop = () => signalGroup(turbo.pid!, 'SIGINT');
  stopSignal.addEventListener('abort', stop, { once: true });
  const [code] = (await once(turbo, 'exit')) as [number | null];
  if (stopSignal.aborted) await endGroup(turbo.pid!);
  return code ?? STOPPED;
}

function keepOutput({ stdout, stderr }: ChildProcess, file: string): void {
  const log = createWriteStream(file);
  for (const [from, to] of [[stdout!, process.stdout], [stderr!, process.stderr]] as const) {
    from.on('data', (chunk: Buffer) => {
      log.write(chunk);
      to.write(chunk);
    });
  }
}

async function endGroup(pid: number): Promise<void> {
  const until = Date.now() + TURBO_GRACE_MS;
  while (signalGroup(pid, 0) && Date.now() < until) await wait(POLL_MS);
  signalGroup(pid, 'SIGKILL');
}

/** @returns whether any process of the group is left */
function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}
