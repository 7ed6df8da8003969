import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createFolders, dataDirFrom, pathsIn, repoRoot } from '../../infra/local/paths.ts';
import { ensureSecrets } from '../../infra/local/secrets.ts';
import { DATABASE_URL_FILE } from '../../infra/local/test-database.ts';
import { KNOWN_SECRETS } from '../../packages/testing/src/known-secrets.ts';
import { Canaries } from './canaries.ts';
import { exceptionFor } from './exceptions.ts';
import { natsTrace, scanAnswerFiles, scanFile, scanFolder, scanTrace } from './places.ts';
import type { CanaryRun, Searched } from './run.ts';
import { Scanner } from './scanner.ts';
import { scanStoppedDatabases } from './stopped-databases.ts';
import { neverReceived } from './suite-proof.ts';

/** Not searched: what fakes were sent, where each secret has to be, and the list of the secrets themselves. */
const NOT_SEARCHED = ['received', 'secrets'];

/** Runs the repository's own tests, which keep all that they leave, and then all that is left is searched for the secrets of the tests. */
export async function runSuite({ options, env, signal, say }: CanaryRun): Promise<Searched> {
  await using undo = new AsyncDisposableStack();
  const folder = makeFolder(env);
  if (!options.keep) undo.defer(() => rmSync(folder, { recursive: true, force: true }));
  const code = await runTests({ args: options.tests, env: { ...env, PATCHBAY_TEST_KEEP: folder, PATCHBAY_PROGRESS: undefined }, signal });
  signal.throwIfAborted();
  say('searching');
  const searched = await search(folder, options.tests.length > 0, signal);
  return code === 0 ? searched : { ...searched, unproven: [...searched.unproven, `the tests ended with ${code}`] };
}

/** @param isPartial some packages ran, and not all */
export async function search(folder: string, isPartial: boolean, signal: AbortSignal): Promise<Searched> {
  const canaries = secretsOf(folder);
  const scanner = new Scanner(canaries.all, (hit) => exceptionFor(hit) !== undefined);
  const tables = await scanEverything(scanner, folder, signal);
  return { scanner, canaries: canaries.all, unproven: neverReceived(canaries, folder, isPartial), figures: { tables } };
}

/** PostgreSQL has a user of its own where root runs the tests, who must be able to pass through. */
function makeFolder(env: NodeJS.ProcessEnv): string {
  const paths = pathsIn(dataDirFrom(env));
  createFolders(paths);
  const folder = join(paths.dataDir, `suite-${randomUUID()}`);
  mkdirSync(folder);
  chmodSync(folder, process.getuid?.() === 0 ? 0o711 : 0o700);
  return folder;
}

async function runTests({ args, env, signal }: { args: string[]; env: NodeJS.ProcessEnv; signal: AbortSignal }): Promise<number | null> {
  const child = spawn(process.execPath, ['infra/local/test.ts', ...args], { cwd: repoRoot, env, stdio: ['ignore', 2, 2] });
  signal.addEventListener('abort', () => child.kill('SIGINT'), { once: true });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code;
}

/** Those that tests share, and those that were made while they ran. */
function secretsOf(folder: string): Canaries {
  const canaries = new Canaries();
  for (const [kind, value] of Object.entries(KNOWN_SECRETS)) canaries.add(kind, 'secret', secretPart(value));
  for (const line of linesIn(join(folder, 'secrets'))) {
    const { kind, value } = JSON.parse(line) as { kind: string; value: string };
    canaries.add(kind, 'made in the run', secretPart(value));
  }
  return canaries;
}

/** The id in an API key is no secret: it stands in the log and in lists. */
function secretPart(value: string): string {
  return /^pbk_[a-z0-9]+_(.+)$/.exec(value)?.[1] ?? value;
}

async function scanEverything(scanner: Scanner, folder: string, signal: AbortSignal): Promise<number> {
  const url = new URL(readFileSync(join(folder, DATABASE_URL_FILE), 'utf8'));
  let tables = await scanStoppedDatabases(scanner, folder, url.password, signal);
  scanFolder(scanner, 'files of PostgreSQL', pathsIn(folder).postgres);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const { name } = entry;
    const path = join(folder, name);
    if (name === 'output.log') scanFile(scanner, 'printed output', path, name);
    else if (entry.isFile()) scanFile(scanner, 'other files', path, name);
    else if (name === 'answers') scanAnswerFiles(scanner, path);
    else if (name.startsWith('nats-')) scanBroker(scanner, path);
    else if (name.startsWith('stories-')) tables += await scanStories(scanner, path, signal);
    else if (!NOT_SEARCHED.includes(name) && path !== pathsIn(folder).postgres) scanFolder(scanner, 'other files', path);
  }
  return tables;
}

function scanBroker(scanner: Scanner, folder: string): void {
  const trace = join(folder, 'trace.log');
  // Missing where a server did not come up, which fails the tests.
  if (existsSync(trace)) scanTrace(scanner, trace);
  scanFolder(scanner, 'files of NATS', folder, (path) => path === trace);
}

/** The platform on which the stories were told. */
async function scanStories(scanner: Scanner, folder: string, signal: AbortSignal): Promise<number> {
  const { postgres, nats, secrets } = pathsIn(folder);
  const trace = natsTrace(folder);
  const tables = await scanStoppedDatabases(scanner, folder, ensureSecrets(secrets, []).postgres.superuser, signal);
  if (existsSync(trace)) scanTrace(scanner, trace);
  scanFolder(scanner, 'files of PostgreSQL', postgres);
  scanFolder(scanner, 'files of NATS', nats);
  scanFolder(scanner, 'logs and other files of the stories', folder, (path) => path === trace || path.startsWith(`${postgres}/`) || path.startsWith(`${nats}/`));
  return tables;
}

function linesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n').filter(Boolean));
}
