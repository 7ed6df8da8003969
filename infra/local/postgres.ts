import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { runCommand } from './command.ts';
import { findPostgresBinaries } from './postgres-binaries.ts';
import { findPostgresUser, type PostgresUser } from './postgres-user.ts';
import { writePrivateFile } from './private-file.ts';
import type { ProcessRecord } from './process-record.ts';
import { commandLineOf } from './processes.ts';
import { SupervisedProcess, tailOf, type ProcessSpec, type SupervisorEvents } from './supervisor.ts';

export interface PostgresOptions {
  /** The cluster's folder; created with its first start. */
  dataDir: string;
  port: number;
  /** The superuser's. */
  password: string;
  logFile: string;
  record: ProcessRecord;
  events?: SupervisorEvents;
  /** On top of, or instead of, the settings below. */
  settings?: Record<string, string>;
  signal?: AbortSignal;
  /** Gets the stopping of the server, also of one that does not come up. */
  undo: AsyncDisposableStack;
}

export interface PostgresServer {
  process: SupervisedProcess;
  /** The superuser's URL. */
  url: string;
}

export const SUPERUSER = 'postgres';
const HOST = '127.0.0.1';
/** Recovery after a power cut may have a lot of log to go through. */
const START_TIMEOUT_MS = 120_000;
const POLL_MS = 50;
const GRACE_MS = 60_000;
const PORTABLE_ENVIRONMENT = { PATH: process.env.PATH ?? '', LANG: 'C', LC_ALL: 'C', TZ: 'UTC' };

/** For a laptop: nine services with a pool each, and memory left for the rest. Durability keeps its defaults: on. */
const SETTINGS: Record<string, string> = {
  listen_addresses: HOST,
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: '128MB',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

/** Starts the cluster in `dataDir`, making it first where there is none, and waits until it lets the superuser in. */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const binaries = await findPostgresBinaries();
  const isNew = !existsSync(join(options.dataDir, 'PG_VERSION'));
  const folder = isNew ? `${options.dataDir}.new` : options.dataDir;
  if (isNew) await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const user = await findPostgresUser(binaries.postgres, folder);
  if (isNew) await createCluster(binaries.initdb, user, folder, options);
  else await removeForeignPidFile(options.dataDir);

  const process = new SupervisedProcess(serverSpec(binaries.postgres, user, options), options.record, options.events);
  options.undo.defer(() => process.stop());
  process.start();
  const url = `postgres://${SUPERUSER}:${options.password}@${HOST}:${options.port}/postgres`;
  await untilOpen(process, url, options.signal);
  return { process, url };
}

/** Made beside its place and moved there when complete: an interrupted start never leaves half a cluster. */
async function createCluster(
  initdb: string,
  user: PostgresUser,
  folder: string,
  options: PostgresOptions,
): Promise<void> {
  const passwordFile = `${folder}.password`;
  writePrivateFile(passwordFile, options.password);
  await user.own(passwordFile);
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const access = ['--auth=scram-sha-256', `--username=${SUPERUSER}`, `--pwfile=${passwordFile}`];
  const launch = user.launch(initdb, [`--pgdata=${folder}`, ...locale, ...access]);
  const { code, output } = await runCommand(launch.command, launch.args, {
    ...launch,
    cwd: '/',
    env: PORTABLE_ENVIRONMENT,
  });
  await rm(passwordFile);
  if (code !== 0) throw new Error(`PostgreSQL's initdb failed (exit code ${code}):\n\n${output}`);
  if (existsSync(options.dataDir)) await refuseForeignFolder(options.dataDir);
  await rename(folder, options.dataDir);
}

async function refuseForeignFolder(dataDir: string): Promise<void> {
  if ((await readdir(dataDir)).length > 0)
    throw new Error(`${dataDir} has files in it that are not a PostgreSQL cluster.`);
  await rm(dataDir, { recursive: true });
}

/**
 * PostgreSQL will not start while its pid file names a live process. After a restart of a container, or of the machine,
 * that pid may belong to any other program; the file is removed only when that is proven.
 */
async function removeForeignPidFile(dataDir: string): Promise<void> {
  const file = join(dataDir, 'postmaster.pid');
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  const commandLine = commandLineOf(pid);
  if (commandLine !== '' && !commandLine.includes(dataDir)) await rm(file);
}

function serverSpec(program: string, user: PostgresUser, options: PostgresOptions): ProcessSpec {
  const settings = Object.entries({ ...SETTINGS, ...options.settings }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  return {
    name: 'postgres',
    ...user.launch(program, ['-D', options.dataDir, '-p', String(options.port), ...settings]),
    env: PORTABLE_ENVIRONMENT,
    cwd: '/',
    logFile: options.logFile,
    proof: `-D ${options.dataDir} `,
    // A fast shutdown: sessions are ended, everything is written, the next start needs no recovery.
    stopSignal: 'SIGINT',
    graceMs: GRACE_MS,
    // Never SIGKILL, which leaves its children and its shared memory behind. What was committed survives this one too.
    killSignal: 'SIGQUIT',
  };
}

async function untilOpen(process: SupervisedProcess, url: string, signal?: AbortSignal): Promise<void> {
  const failed = process.ended.then((how) => {
    throw new Error(`PostgreSQL ${how}. The end of ${process.spec.logFile}:\n\n${tailOf(process.spec.logFile)}`);
  });
  const settled = new AbortController();
  const giveUp = AbortSignal.any([settled.signal, ...(signal ? [signal] : [])]);
  await Promise.race([untilItLetsUsIn(url, giveUp), failed]).finally(() => settled.abort());
}

async function untilItLetsUsIn(url: string, signal: AbortSignal): Promise<void> {
  const until = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    const problem = await tryConnection(url);
    if (!problem) return;
    // 28P01: the password is wrong, and no waiting will make it right.
    if (problem.code === '28P01') {
      throw new Error(
        'PostgreSQL refuses the password in secrets.json: that file does not belong to this database. Restore both, or move the data folder away.',
      );
    }
    if (Date.now() > until)
      throw new Error(`PostgreSQL did not open within ${START_TIMEOUT_MS} ms: ${problem.message}`, { cause: problem });
    await wait(POLL_MS, undefined, { signal });
  }
}

async function tryConnection(url: string): Promise<(Error & { code?: string }) | undefined> {
  const client = new pg.Client({ connectionString: url });
  // A server that is still starting may reset the connection while it is being closed; the next try tells.
  client.on('error', () => {});
  try {
    await client.connect();
    await client.end();
    return undefined;
  } catch (error) {
    await client.end().catch(() => {});
    return error as Error & { code?: string };
  }
}
