import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { natsIdentity, writeServiceCreds } from '../../infra/local/nats-config.ts';
import { findNatsServer } from '../../infra/local/nats-server.ts';
import { createFolders, dataDirFrom, pathsIn, type DataPaths } from '../../infra/local/paths.ts';
import { portVariable, PORTS } from '../../infra/local/ports.ts';
import { rolesOf, serviceDatabaseUrls } from '../../infra/local/postgres-databases.ts';
import { endLeftovers, ProcessRecord } from '../../infra/local/process-record.ts';
import { createProgress } from '../../infra/local/progress.mjs';
import { DataFolderInUse, findHolder, type Running } from '../../infra/local/running.ts';
import { ensureSecrets } from '../../infra/local/secrets.ts';
import { SERVICES } from '../../infra/local/services.ts';
import { startStack, type Stack } from '../../infra/local/stack.ts';
import { requireRunnerBuilt, Runner, type RunnerHome, type RunnerOptions } from './runners.ts';

/** The platform as `npm start` runs it, on free ports and empty tables, but with two runners that can be broken one by one. */
export interface Platform {
  running: Running;
  runners: [Runner, Runner];
  /** Where connections' secrets are kept, and the keys that they are sealed under. */
  vault: Vault;
  /** One more runner; whoever starts it stops it. */
  startRunner(name: string, options: RunnerOptions): Promise<Runner>;
  /** Of the embedded server as it is now; undefined between its end and its next start. */
  pidOf(server: 'postgres' | 'nats'): number | undefined;
  stop(): Promise<void>;
}

/** What `npm run keys` works on. */
export interface Vault {
  /** As the credentials service's own role. */
  databaseUrl: string;
  keyringFile: string;
}

/** Database, broker, services. */
const START_STEPS = 3;

export async function startPlatform(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<Platform> {
  requireRunnerBuilt();
  const home = dataDirFrom(env);
  const paths = pathsIn(join(home, 'faults'));
  const runnerRecord = join(paths.dataDir, 'runners.json');
  await clear(paths, runnerRecord);
  await using undo = new AsyncDisposableStack();
  // Whoever gave the secret searches what is left of it.
  if (!env.PATCHBAY_CANARY) undo.defer(() => rmSync(paths.dataDir, { recursive: true, force: true }));
  const platformEnv = await faultsEnvironment(env, paths, pathsIn(home).bin, signal);
  await prepareRunnerLogin(paths);
  const stack = await startServices(platformEnv, signal);
  undo.defer(() => stack.stop());
  const runnerHome = { env: platformEnv, paths, running: stack.running, record: new ProcessRecord(runnerRecord) };
  const runners: [Runner, Runner] = [await startRunner(runnerHome, undo, 'runner-1'), await startRunner(runnerHome, undo, 'runner-2')];
  const started = undo.move();
  return {
    running: stack.running,
    runners,
    vault: vaultIn(paths, stack.running),
    startRunner: (name, options) => Runner.start(name, runnerHome, options),
    pidOf: (server) => pidIn(paths.processes, server),
    stop: () => started.disposeAsync(),
  };
}

function vaultIn({ secrets, keyring }: DataPaths, { databaseUrl }: Running): Vault {
  const { roles } = ensureSecrets(secrets, []).postgres;
  return { databaseUrl: serviceDatabaseUrls(databaseUrl!, 'credentials', roles).work, keyringFile: keyring };
}

async function startServices(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<Stack> {
  const progress = createProgress({ total: START_STEPS, output: process.stderr });
  const stack = await startStack({ env, services: SERVICES.filter(({ name }) => name !== 'runner'), progress, signal });
  if (stack.running.databaseUrl) return stack;
  await stack.stop();
  throw new Error('The faults need the embedded PostgreSQL, and the platform did not start it.');
}

async function startRunner(home: RunnerHome, undo: AsyncDisposableStack, name: string): Promise<Runner> {
  const runner = await Runner.start(name, home);
  undo.defer(() => runner.stop());
  return runner;
}

/** The stack makes databases and logins for the services that it starts itself, and for whom it finds in the secrets. */
async function prepareRunnerLogin(paths: DataPaths): Promise<void> {
  createFolders(paths);
  const secrets = ensureSecrets(paths.secrets, rolesOf('runner'));
  await writeServiceCreds(natsIdentity(secrets.nats), paths.creds, ['runner']);
}

/** An interrupted run may have left its data behind, and its processes. */
async function clear(paths: DataPaths, runnerRecord: string): Promise<void> {
  const holder = findHolder(paths.dataDir);
  if (holder !== undefined) throw new DataFolderInUse(paths.dataDir, holder);
  await endLeftovers(runnerRecord);
  await endLeftovers(paths.processes);
  rmSync(paths.dataDir, { recursive: true, force: true });
}

/** Everything embedded: what runs elsewhere must not be broken. */
async function faultsEnvironment(env: NodeJS.ProcessEnv, { dataDir }: DataPaths, binDir: string, signal: AbortSignal): Promise<NodeJS.ProcessEnv> {
  const { DATABASE_URL: _database, NATS_URL: _nats, ...rest } = env;
  mkdirSync(binDir, { recursive: true });
  await findNatsServer({ env, binDir, note: (text) => process.stderr.write(`${text}\n`), signal });
  const freePorts = Object.fromEntries(Object.keys(PORTS).map((name) => [portVariable(name), '0']));
  // Messages are searched with the rest. Nobody may listen in for that: where there is a subscriber, no request hears that there is no responder.
  const trace = env.PATCHBAY_CANARY ? { PATCHBAY_NATS_TRACE: '1' } : {};
  return { ...rest, ...freePorts, ...trace, PATCHBAY_DATA: dataDir, PATH: [binDir, env.PATH ?? ''].join(delimiter) };
}

/** The record that the stack keeps of its own processes. */
function pidIn(processesFile: string, server: string): number | undefined {
  const entries = Object.entries(JSON.parse(readFileSync(processesFile, 'utf8')) as Record<string, { name: string }>);
  const pid = entries.find(([, { name }]) => name === server)?.[0];
  return pid === undefined ? undefined : Number(pid);
}
