import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { runCommand } from './command.ts';
import { installFromApt, versionOf, type NatsBinary } from './nats-install.ts';
import { NATS_FLOOR, NATS_LOWEST, compareVersions } from './nats-version.ts';

/** How the broker will be run. */
export type NatsServerChoice = ({ kind: 'binary' } & NatsBinary) | { kind: 'docker' };

export interface FindOptions {
  env: NodeJS.ProcessEnv;
  binDir: string;
  note(text: string): void;
  signal?: AbortSignal;
}

/**
 * Finds a nats-server: on PATH and new enough, in `.patchbay/bin`, in a package of the operating system, in Docker; an
 * older one that is on PATH only when nothing else is there.
 *
 * @throws with all the ways to get one
 */
export async function findNatsServer(options: FindOptions): Promise<NatsServerChoice> {
  const onPath = await findOnPath(options.env.PATH ?? '');
  if (onPath && compareVersions(onPath.version, NATS_FLOOR) >= 0) return { kind: 'binary', ...onPath };
  const kept = await findAt(join(options.binDir, 'nats-server'));
  if (kept) return { kind: 'binary', ...kept };
  const installed = await installFromApt(options.binDir, options.note, options.signal);
  if (typeof installed !== 'string') return { kind: 'binary', ...installed };
  const docker = await dockerProblem(options.signal);
  if (docker === undefined) return { kind: 'docker' };
  if (onPath && compareVersions(onPath.version, NATS_LOWEST) >= 0) return { kind: 'binary', ...onPath };
  throw new Error(waysToGetNats({ onPath: onPath?.version ?? 'none', apt: installed, docker }));
}

/** For programs that need the binary itself, as the tests do: each test file runs a server of its own. */
export async function findNatsBinary(options: FindOptions): Promise<string> {
  const found = await findNatsServer(options);
  if (found.kind === 'binary') return found.path;
  throw new Error(
    `The tests start nats-server themselves and cannot use Docker for it. Put nats-server ${NATS_FLOOR} or later on PATH.`,
  );
}

export function waysToGetNats(tried: { onPath: string; apt: string; docker: string }): string {
  return `No nats-server was found. Any one of these will do:
  - NATS_URL=nats://host:4222 of a server that you run yourself
  - nats-server ${NATS_FLOOR} or later on PATH (there now: ${tried.onPath}), e.g. from Homebrew or the NATS releases
  - a Debian or Ubuntu system whose mirror serves the package nats-server (tried: ${tried.apt})
  - a running Docker engine (tried: ${tried.docker})`;
}

async function findOnPath(path: string): Promise<NatsBinary | undefined> {
  const file = path
    .split(delimiter)
    .map((folder) => join(folder, 'nats-server'))
    .find((candidate) => existsSync(candidate));
  return file ? findAt(file) : undefined;
}

async function findAt(path: string): Promise<NatsBinary | undefined> {
  if (!existsSync(path)) return undefined;
  const version = await versionOf(path);
  return version ? { path, version } : undefined;
}

async function dockerProblem(signal?: AbortSignal): Promise<string | undefined> {
  const { code, output } = await runCommand('docker', ['version', '--format', '{{.Server.Version}}'], { signal });
  if (code === 0) return undefined;
  return code === 127 ? 'no docker command' : (output.trim().split('\n').at(-1) ?? 'no answer');
}
