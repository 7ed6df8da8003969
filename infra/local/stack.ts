import { join } from 'node:path';
import { checkNats, startNats } from './nats.ts';
import {
  natsIdentity,
  credsFile,
  startCredsFile,
  systemCredsFile,
  writeServiceCreds,
  writeStartCreds,
  writeSystemCreds,
} from './nats-config.ts';
import { findNatsServer } from './nats-server.ts';
import { createFolders, dataDirFrom, pathsIn, type DataPaths } from './paths.ts';
import { choosePorts } from './ports.ts';
import { startPostgres } from './postgres.ts';
import { ensureDatabases, serviceDatabaseUrls } from './postgres-databases.ts';
import { ProcessRecord, endLeftovers } from './process-record.ts';
import { silentProgress, type Progress } from './progress.mjs';
import { lockDataFolder, removeRunning, writeRunning, type Running } from './running.ts';
import { ensureKeyring, ensureSecrets, type Secrets } from './secrets.ts';
import { startServices } from './service-processes.ts';
import { SERVICES, databaseRoles, httpUrl, otlpUrl, type ServiceContext, type ServiceSpec } from './services.ts';
import { rotateLog, type SupervisorEvents } from './supervisor.ts';

export interface StackOptions {
  /** Settings as in the README; process.env unless given. */
  env?: NodeJS.ProcessEnv;
  services?: ServiceSpec[];
  progress?: Progress;
  /** Gives up a start that is under way, and stops what it has started. */
  signal?: AbortSignal;
  readyTimeoutMs?: number;
}

export interface Stack {
  /** As in running.json, kept up to date. */
  readonly running: Running;
  /** Services first, then the broker, then the database. Safe to call again. */
  stop(): Promise<void>;
}

/** What the parts of one start share. */
interface Start {
  env: NodeJS.ProcessEnv;
  paths: DataPaths;
  ports: Record<string, number>;
  secrets: Secrets;
  services: ServiceSpec[];
  record: ProcessRecord;
  events: SupervisorEvents;
  progress: Progress;
  signal?: AbortSignal;
  /** What has to be undone, last first. */
  undo: AsyncDisposableStack;
}

const READY_TIMEOUT_MS = 120_000;

/**
 * Starts PostgreSQL, nats-server and the services, and returns when all of them are ready.
 *
 * @throws DataFolderInUse when a platform runs, or is being started or stopped, on the same data folder
 */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const undo = new AsyncDisposableStack();
  try {
    const start = await prepare(options, undo);
    const databaseUrl = await startDatabase(start);
    const nats = await startBroker(start);
    const running = await startPlatform(start, { ...nats, databaseUrl }, options.readyTimeoutMs ?? READY_TIMEOUT_MS);
    return { running, stop: () => undo.disposeAsync() };
  } catch (error) {
    await undo.disposeAsync();
    throw error;
  }
}

async function prepare(options: StackOptions, undo: AsyncDisposableStack): Promise<Start> {
  const { env = process.env, services = SERVICES, progress = silentProgress(), signal } = options;
  const paths = pathsIn(dataDirFrom(env));
  createFolders(paths);
  undo.defer(lockDataFolder(paths.dataDir));
  const left = await endLeftovers(paths.processes);
  if (left.length > 0) progress.line(`Ended what an interrupted run had left behind: ${left.join(', ')}.`);
  removeRunning(paths.dataDir);

  const embedded = [...(env.DATABASE_URL ? [] : ['postgres']), ...(env.NATS_URL ? [] : ['nats'])];
  const ports = await choosePorts([...services.map(({ name }) => name), ...embedded], env);
  for (const name of Object.keys(ports)) rotateLog(join(paths.logs, `${name}.log`));
  const secrets = ensureSecrets(paths.secrets, databaseRoles(services));
  ensureKeyring(paths.keyring, paths.secrets);
  const events: SupervisorEvents = {
    ended: (name, how, delayMs) =>
      progress.line(`${name} ${how}; starting it again${delayMs ? ` in ${delayMs} ms` : ''}.`),
  };
  return {
    env,
    paths,
    ports,
    secrets,
    services,
    record: new ProcessRecord(paths.processes),
    events,
    progress,
    signal,
    undo,
  };
}

/** @returns the administrator's URL: of the embedded server's superuser, or DATABASE_URL. */
async function startDatabase(start: Start): Promise<string> {
  start.signal?.throwIfAborted();
  const external = start.env.DATABASE_URL;
  return start.progress.step(external ? 'preparing the databases at DATABASE_URL' : 'starting PostgreSQL', async () => {
    const url = external ?? (await embeddedDatabase(start));
    await ensureDatabases(url, start.secrets.postgres.roles);
    return url;
  });
}

async function embeddedDatabase(start: Start): Promise<string> {
  const { paths, ports, secrets } = start;
  const server = await startPostgres({
    ...start,
    dataDir: paths.postgres,
    port: ports.postgres!,
    password: secrets.postgres.superuser,
    logFile: join(paths.logs, 'postgres.log'),
  });
  server.process.keepUp();
  return server.url;
}

type Broker = Pick<
  ServiceContext,
  'natsUrl' | 'publicNatsUrl' | 'creds' | 'natsAccountSeed' | 'natsAccount' | 'natsOperatorSeed' | 'natsSystemCreds'
>;

async function startBroker(start: Start): Promise<Broker> {
  const { env, paths, secrets, progress, signal } = start;
  signal?.throwIfAborted();
  const title = env.NATS_URL ? 'checking the server at NATS_URL' : 'starting nats-server';
  const { broker, warning } = await progress.step(title, async ({ item }) => {
    const found = env.NATS_URL ? externalBroker(env, secrets) : await embeddedBroker(start, item);
    return { broker: found, warning: await checkNats(found.natsUrl, env.NATS_URL ? env.NATS_CREDS : startCredsFile(paths.creds)) };
  });
  if (warning) progress.line(`Warning: ${warning}`);
  if (env.NATS_URL && !env.CREDENTIALS_NATS_ACCOUNT_SEED) progress.line(EDGES_NOT_LIMITED);
  return broker;
}

const EDGES_NOT_LIMITED =
  'Warning: without CREDENTIALS_NATS_ACCOUNT_SEED edges get logins that the server of NATS_URL does not know. ' +
  'A server without operator mode lets every edge use every subject.';

async function embeddedBroker(start: Start, item: (text: string) => void): Promise<Broker> {
  const { env, paths, ports, secrets, services, signal } = start;
  const identity = natsIdentity(secrets.nats);
  await writeServiceCreds(
    identity,
    paths.creds,
    services.filter(({ nats }) => nats).map(({ name }) => name),
  );
  await writeSystemCreds(identity, paths.creds);
  await writeStartCreds(identity, paths.creds);
  const choice = await findNatsServer({ env, binDir: paths.bin, note: item, signal });
  const process = await startNats({ ...start, choice, port: ports.nats!, identity, trace: start.env.PATCHBAY_NATS_TRACE === '1' });
  process.keepUp();
  const natsUrl = `nats://127.0.0.1:${ports.nats}`;
  return {
    natsUrl,
    publicNatsUrl: publicNatsUrl(env, natsUrl),
    creds: (service) => credsFile(paths.creds, service),
    natsAccountSeed: secrets.nats.signingSeed,
    natsAccount: identity.account.getPublicKey(),
    natsOperatorSeed: secrets.nats.operatorSigningSeed,
    natsSystemCreds: systemCredsFile(paths.creds),
  };
}

function externalBroker(env: NodeJS.ProcessEnv, { nats }: Secrets): Broker {
  const given = env.CREDENTIALS_NATS_ACCOUNT_SEED;
  return {
    natsUrl: env.NATS_URL!,
    publicNatsUrl: publicNatsUrl(env, env.NATS_URL!),
    creds: () => env.NATS_CREDS,
    natsAccountSeed: given ?? nats.signingSeed,
    natsAccount: given ? env.CREDENTIALS_NATS_ACCOUNT : natsIdentity(nats).account.getPublicKey(),
    natsOperatorSeed: env.CREDENTIALS_NATS_OPERATOR_SEED,
    natsSystemCreds: env.CREDENTIALS_NATS_SYSTEM_CREDS,
  };
}

function publicNatsUrl(env: NodeJS.ProcessEnv, natsUrl: string): string {
  return env.CREDENTIALS_PUBLIC_NATS_URL ?? natsUrl;
}

async function startPlatform(
  start: Start,
  outside: Broker & { databaseUrl: string },
  readyTimeoutMs: number,
): Promise<Running> {
  const { env, paths, ports, secrets, undo } = start;
  start.signal?.throwIfAborted();
  const running: Running = {
    pid: process.pid,
    startedAt: new Date().toISOString(),
    url: httpUrl(ports.gateway),
    consoleUrl: httpUrl(ports.console),
    natsUrl: outside.natsUrl,
    apiKey: secrets.firstApiKey,
    otlpUrl: otlpUrl(ports),
    ...(env.DATABASE_URL ? {} : { databaseUrl: outside.databaseUrl }),
    services: {},
  };
  const context: ServiceContext = {
    ...outside,
    env,
    ports,
    databaseUrls: (service) => serviceDatabaseUrls(outside.databaseUrl, service, secrets.postgres.roles),
    keyringFile: paths.keyring,
    firstApiKey: secrets.firstApiKey,
  };
  let isUp = false;
  const started = (name: string, pid: number) => {
    running.services[name] = { pid, port: ports[name]! };
    if (isUp) writeRunning(paths.dataDir, running);
  };
  await startServices({ ...start, context, events: { ...start.events, started }, readyTimeoutMs });
  undo.defer(() => removeRunning(paths.dataDir));
  writeRunning(paths.dataDir, running);
  isUp = true;
  return running;
}
