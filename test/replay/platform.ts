import { dataDirFrom } from '../../infra/local/paths.ts';
import { createProgress } from '../../infra/local/progress.mjs';
import { readRunning } from '../../infra/local/running.ts';
import { startStack } from '../../infra/local/stack.ts';

/** Database, broker, services. */
const START_STEPS = 3;

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
  if (url || apiKey) {
    throw new Error(
      'PATCHBAY_URL and PATCHBAY_API_KEY belong together: set both, or none for the platform of this machine.',
    );
  }
  const running = await readRunning(dataDirFrom(env));
  if (running) return { url: running.url, apiKey: running.apiKey, release: async () => undefined };
  return startPlatform(env, signal);
}

async function startPlatform(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<Platform> {
  // Standard output belongs to the result.
  const progress = createProgress({ total: START_STEPS, output: process.stderr });
  progress.line('No platform is running on this machine: starting one for this run.');
  const stack = await startStack({ env, progress, signal });
  return { url: stack.running.url, apiKey: stack.running.apiKey, release: () => stack.stop() };
}
