import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { dataDirFrom, repoRoot } from '../../infra/local/paths.ts';
import { readRunning } from '../../infra/local/running.ts';

/** The first start on a machine downloads and installs; it must not be given up while it is still at it. */
const START_WITHIN_MS = 600_000;
const LOOK_AGAIN_MS = 250;

/** Where the platform is, and what to do when the run is over. */
export interface Platform {
  url: string;
  /** Of the operator: it may create organizations. */
  apiKey: string;
  /** Stops it if it was started here; one that was found keeps running. */
  release: () => Promise<void>;
}

/** PATCHBAY_URL and PATCHBAY_API_KEY if given, else the platform that runs on this machine, else one that is started. */
export async function findPlatform(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<Platform> {
  const { PATCHBAY_URL: url, PATCHBAY_API_KEY: apiKey } = env;
  if (url && apiKey) return { url, apiKey, release: async () => undefined };
  if (url || apiKey) throw new Error('PATCHBAY_URL and PATCHBAY_API_KEY belong together: set both, or none to use the platform of this machine.');
  const running = await readRunning(dataDirFrom(env));
  if (running) return { url: running.url, apiKey: running.apiKey, release: async () => undefined };
  return startPlatform(env, signal);
}

async function startPlatform(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<Platform> {
  console.error('No platform is running on this machine: starting one for this run.');
  // In a process group of its own: Ctrl-C must stop the replay first and the platform after it.
  const child = spawn(process.execPath, [join(repoRoot, 'infra', 'local', 'start.ts')], {
    env,
    detached: true,
    stdio: ['ignore', process.stderr, process.stderr],
  });
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const release = async () => {
    if (!hasEnded(child)) child.kill('SIGTERM');
    await exited;
  };
  try {
    const { url, apiKey } = await waitUntilRunning(child, dataDirFrom(env), signal);
    return { url, apiKey, release };
  } catch (error) {
    await release();
    throw error;
  }
}

async function waitUntilRunning(child: ChildProcess, dataDir: string, signal: AbortSignal): Promise<{ url: string; apiKey: string }> {
  const failed = new Promise<never>((_resolve, reject) => child.once('error', reject));
  const endsAt = performance.now() + START_WITHIN_MS;
  while (performance.now() < endsAt) {
    const running = await Promise.race([readRunning(dataDir), failed]);
    if (running) return running;
    if (hasEnded(child)) throw new Error('The platform could not be started; its own message is above. `npm start` shows more.');
    await Promise.race([delay(LOOK_AGAIN_MS, undefined, { signal }), failed]);
  }
  throw new Error(`The platform was not up after ${START_WITHIN_MS / 60_000} minutes. Start it with \`npm start\` and try again.`);
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}
