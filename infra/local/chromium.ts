import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { runCommand } from './command.ts';
import { readOsRelease } from './os-release.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/**
 * The path of a Chromium for the browser tests: PATCHBAY_CHROMIUM, or one on PATH, or the package of Debian and Ubuntu,
 * which is then installed (the only thing that Patchbay ever installs on the system, and only for its tests).
 */
export async function ensureChromium(
  env: NodeJS.ProcessEnv,
  item: (text: string) => void,
  signal?: AbortSignal,
): Promise<string> {
  const found = findChromium(env);
  if (found) return found;
  const problem = await install(item, signal);
  const installed = findChromium(env);
  if (installed) return installed;
  throw new Error(`The browser tests need Chromium, and there is none (${problem ?? 'the package did not put it on PATH'}).
Install chromium or google-chrome so that it is on PATH, or set PATCHBAY_CHROMIUM to the path of one.`);
}

export function findChromium(env: NodeJS.ProcessEnv): string | undefined {
  if (env.PATCHBAY_CHROMIUM) return env.PATCHBAY_CHROMIUM;
  const folders = (env.PATH ?? '').split(delimiter);
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find((file) => existsSync(file));
}

/** @returns why it could not be installed */
async function install(item: (text: string) => void, signal?: AbortSignal): Promise<string | undefined> {
  if (readOsRelease().family === 'other') return 'it is installed automatically on Debian and Ubuntu only';
  const sudo = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  if (sudo.length > 0 && (await runCommand('sudo', ['-n', 'true'])).code !== 0)
    return 'installing it needs root, or sudo without a password';
  item('installing the package chromium; the first time takes about a minute');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const aptGet = (...args: string[]) => {
    const [command, ...rest] = [...sudo, 'apt-get', '-q', ...args];
    return runCommand(command!, rest, { env, signal });
  };
  // One source that is out of reach fails the update; the lists may do for the package all the same.
  await aptGet('update');
  const { code, output } = await aptGet('install', '-y', '--no-install-recommends', 'chromium');
  if (code !== 0) return `apt-get install failed: ${output.trim().split('\n').at(-1)}`;
  return undefined;
}
