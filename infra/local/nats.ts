import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { connect, credsAuthenticator } from '@nats-io/transport-node';
import { runCommand } from './command.ts';
import { natsServerConfig, type NatsIdentity } from './nats-config.ts';
import type { NatsServerChoice } from './nats-server.ts';
import { checkNatsVersion, readNatsInfo } from './nats-version.ts';
import type { DataPaths } from './paths.ts';
import { writePrivateFile } from './private-file.ts';
import type { ProcessRecord } from './process-record.ts';
import { SupervisedProcess, tailOf, type ProcessSpec, type SupervisorEvents } from './supervisor.ts';

const HOST = '127.0.0.1';
const START_TIMEOUT_MS = 30_000;
/** Pulling the image is part of the first start in Docker. */
const DOCKER_START_TIMEOUT_MS = 180_000;
const POLL_MS = 50;
const GRACE_MS = 15_000;
const CONTAINER_PORT = 4222;
const CONTAINER_FOLDER = '/patchbay';

export interface NatsOptions {
  choice: NatsServerChoice;
  paths: DataPaths;
  port: number;
  identity: NatsIdentity;
  /** Every message that is published is written down whole, in its log. */
  trace?: boolean;
  record: ProcessRecord;
  events?: SupervisorEvents;
  signal?: AbortSignal;
  /** Gets the stopping of the server, also of one that does not come up. */
  undo: AsyncDisposableStack;
}

/** Starts the embedded broker and waits until it greets. */
export async function startNats(options: NatsOptions): Promise<SupervisedProcess> {
  const { choice, paths, port, identity, trace = false, record, events, signal, undo } = options;
  const docker = choice.kind === 'docker';
  const listen = docker
    ? { listen: `0.0.0.0:${CONTAINER_PORT}`, storeDir: CONTAINER_FOLDER }
    : { listen: `${HOST}:${port}`, storeDir: paths.nats };
  writePrivateFile(paths.natsConfig, await natsServerConfig(identity, { ...listen, folder: paths.nats, trace }));
  if (docker) await runCommand('docker', ['rm', '-f', containerName(paths)]);

  const process = new SupervisedProcess(
    docker ? dockerSpec(paths, port) : binarySpec(choice.path, paths),
    record,
    events,
  );
  undo.defer(() => process.stop());
  process.start();
  await untilGreeting({ process, port, timeoutMs: docker ? DOCKER_START_TIMEOUT_MS : START_TIMEOUT_MS, signal });
  return process;
}

/**
 * Logs in to the account of the services, and makes sure that it has JetStream.
 *
 * @param creds path of a creds file; none for an external server without logins
 * @returns a warning about the version, if there is one
 */
export async function checkNats(url: string, creds?: string): Promise<string | undefined> {
  const authenticator = creds ? credsAuthenticator(await readFile(creds)) : undefined;
  const connection = await connect({ servers: url, authenticator, name: 'patchbay-start', reconnect: false });
  try {
    const warning = checkNatsVersion(connection.info!.version);
    const reply = await connection.request('$JS.API.INFO', undefined, { timeout: START_TIMEOUT_MS });
    const { error } = reply.json<{ error?: { description: string } }>();
    if (error) throw new Error(error.description);
    return warning;
  } catch (error) {
    throw new Error(
      `The NATS server at ${url} cannot be used: ${(error as Error).message}. Patchbay needs JetStream there.`,
      { cause: error },
    );
  } finally {
    await connection.close();
  }
}

interface Greeting {
  process: SupervisedProcess;
  port: number;
  timeoutMs: number;
  signal?: AbortSignal;
}

async function untilGreeting({ process, port, timeoutMs, signal }: Greeting): Promise<void> {
  const failed = process.ended.then((how) => {
    throw new Error(`nats-server ${how}. The end of ${process.spec.logFile}:\n\n${tailOf(process.spec.logFile)}`);
  });
  const settled = new AbortController();
  const giveUp = AbortSignal.any([settled.signal, ...(signal ? [signal] : [])]);
  const until = Date.now() + timeoutMs;
  const greeting = async () => {
    for (;;) {
      const problem = await readNatsInfo(HOST, port).then(
        () => undefined,
        (error: Error) => error,
      );
      if (!problem) return;
      if (Date.now() > until) throw problem;
      await wait(POLL_MS, undefined, { signal: giveUp });
    }
  };
  await Promise.race([greeting(), failed]).finally(() => settled.abort());
}

function binarySpec(path: string, paths: DataPaths): ProcessSpec {
  return { ...natsSpec(paths), command: path, args: ['-c', paths.natsConfig], proof: paths.natsConfig };
}

/** In the foreground of its docker client, which passes a signal on to the server in the container. */
function dockerSpec(paths: DataPaths, port: number): ProcessSpec {
  const name = containerName(paths);
  const user = process.getuid ? ['--user', `${process.getuid()}:${process.getgid?.() ?? 0}`] : [];
  const publish = ['-p', `${HOST}:${port}:${CONTAINER_PORT}`, '-v', `${paths.nats}:${CONTAINER_FOLDER}`];
  const args = ['run', '--rm', '--name', name, ...user, ...publish, 'nats:2', '-c', `${CONTAINER_FOLDER}/server.conf`];
  return { ...natsSpec(paths), command: 'docker', args, proof: name };
}

function natsSpec(paths: DataPaths) {
  return {
    name: 'nats',
    // One thread is plenty for one machine's calls. With more, each message wakes a second one to look for work that is not there.
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', GOMAXPROCS: '1' },
    cwd: paths.nats,
    logFile: join(paths.logs, 'nats.log'),
    stopSignal: 'SIGTERM' as const,
    graceMs: GRACE_MS,
    killSignal: 'SIGKILL' as const,
  };
}

/** One per data folder, so that a container left over from a killed run is known as ours. */
function containerName(paths: DataPaths): string {
  return `patchbay-nats-${createHash('sha256').update(paths.dataDir).digest('hex').slice(0, 12)}`;
}
