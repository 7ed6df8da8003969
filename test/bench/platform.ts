import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { findNatsServer } from '../../infra/local/nats-server.ts';
import { dataDirFrom, pathsIn, type DataPaths } from '../../infra/local/paths.ts';
import { portVariable, PORTS } from '../../infra/local/ports.ts';
import { endLeftovers } from '../../infra/local/process-record.ts';
import { createProgress } from '../../infra/local/progress.mjs';
import { DataFolderInUse, findHolder, type Running } from '../../infra/local/running.ts';
import { startStack } from '../../infra/local/stack.ts';
import { INSPECTABLE } from './inspector.ts';

/** The platform as `npm start` runs it, on free ports and empty tables, for one run of the bench. */
export interface Platform {
  /** Kept up to date when a service is started again. */
  running: Running;
  databaseUrl: string;
  natsPid: number;
  postgresPid: number;
  /** Where a service's standard output and error go. */
  logFileOf(service: string): string;
  stop(): Promise<void>;
}

/**
 * A load is exactly what these limits stop: thousands of calls a minute of one tool, in a few sessions. All other guards stay as
 * they are, because they cost every call something.
 */
const UNLIMITED = { RUNNER_RATE_LIMITS: 'off', RUNNER_LOOP_CALLS_PER_MINUTE: '0', RUNNER_LOOP_EQUAL_CALLS: '0' };

/** Database, broker, services. */
const START_STEPS = 3;

export async function startPlatform(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<Platform> {
  const home = dataDirFrom(env);
  // Beside the data of `npm start`, so that both are measured on the same disk.
  const paths = pathsIn(join(home, 'bench'));
  await clear(paths);
  const folders = { dataDir: paths.dataDir, binDir: pathsIn(home).bin, signal };
  mkdirSync(folders.binDir, { recursive: true });
  const progress = createProgress({ total: START_STEPS, output: process.stderr });
  const stack = await startStack({ env: await benchEnvironment(env, folders), progress, signal });
  const stop = async () => {
    await stack.stop();
    removeData(paths);
  };
  const { databaseUrl } = stack.running;
  const logFileOf = (service: string) => join(paths.logs, `${service}.log`);
  if (databaseUrl) return { running: stack.running, databaseUrl, ...pidsIn(paths.processes), logFileOf, stop };
  await stop();
  throw new Error('The bench measures with the embedded PostgreSQL, and the platform did not start it.');
}

/** An interrupted run may have left its data behind, and its processes, which would take time from this one's. */
async function clear(paths: DataPaths): Promise<void> {
  const holder = findHolder(paths.dataDir);
  if (holder !== undefined) throw new DataFolderInUse(paths.dataDir, holder);
  await endLeftovers(paths.processes);
  removeData(paths);
}

function removeData({ dataDir }: DataPaths): void {
  rmSync(dataDir, { recursive: true, force: true });
}

interface BenchFolders {
  dataDir: string;
  /** Where `npm start` keeps its nats-server: it need not be fetched for every run. */
  binDir: string;
  signal: AbortSignal;
}

/** Everything embedded: what runs elsewhere could not be measured. */
async function benchEnvironment(
  env: NodeJS.ProcessEnv,
  { dataDir, binDir, signal }: BenchFolders,
): Promise<NodeJS.ProcessEnv> {
  const { DATABASE_URL: _database, NATS_URL: _nats, ...rest } = env;
  const freePorts = Object.fromEntries(Object.keys(PORTS).map((name) => [portVariable(name), '0']));
  await findNatsServer({ env, binDir, note: (text) => process.stderr.write(`${text}\n`), signal });
  return {
    ...rest,
    ...freePorts,
    ...UNLIMITED,
    NODE_OPTIONS: [env.NODE_OPTIONS, INSPECTABLE].filter(Boolean).join(' '),
    PATCHBAY_DATA: dataDir,
    PATH: [binDir, env.PATH ?? ''].join(delimiter),
  };
}

/** The record that the stack keeps of its own processes. */
function pidsIn(processesFile: string): { natsPid: number; postgresPid: number } {
  const entries = Object.entries(JSON.parse(readFileSync(processesFile, 'utf8')) as Record<string, { name: string }>);
  const pidOf = (wanted: string) => Number(entries.find(([, { name }]) => name === wanted)?.[0]);
  return { natsPid: pidOf('nats'), postgresPid: pidOf('postgres') };
}
