import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

/** @type {NodeJS.Signals[]} */
export const STOPPING = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * @typedef {{ lock: string, pnpmDir: string }} Stamp What was installed, and the folder in which npm keeps the pnpm that did it.
 * @typedef {{ node: string, path: string }} Toolchain Node 24's binary, and a PATH on which `node` and `pnpm` are the pinned ones.
 */

/**
 * Makes node_modules match pnpm-lock.yaml, with the pinned pnpm and Node and nothing installed by hand. Does nothing
 * when the stamp says that it matches already.
 *
 * @param {string} root
 * @param {import('./progress.mjs').Progress} progress
 * @returns {Promise<Toolchain>}
 */
export function ensureInstalled(root, progress) {
  return progress.step('installing dependencies', async (step) => {
    const lock = hashOf(join(root, 'pnpm-lock.yaml'));
    const stampFile = join(root, 'node_modules', '.patchbay-install.json');
    const found = readStamp(stampFile);
    if (found && isCurrent(found, lock, root)) {
      step.detail('up to date');
      return toolchain(root, found);
    }
    rmSync(stampFile, { force: true });
    const stamp = { lock, pnpmDir: await install(root) };
    writeFileSync(stampFile, JSON.stringify(stamp));
    return toolchain(root, stamp);
  });
}

/** The line with which the install script tells where npm put pnpm: turbo runs each package's scripts with it. */
const PNPM_MARK = 'pnpm is ';

/** @param {string} root @returns {Promise<string>} the folder that pnpm is in */
async function install(root) {
  const { packageManager, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const tools = [`--package=node@${devDependencies.node}`, `--package=${packageManager}`];
  // pnpm aborts when it would replace node_modules and no terminal is there to ask, unless it is told that this is fine.
  const pnpm = 'pnpm install --frozen-lockfile --config.confirmModulesPurge=false --reporter=append-only';
  const script = `echo "${PNPM_MARK}$(command -v pnpm)" && ${pnpm}`;
  const { code, output } = await collect('npm', ['exec', '--yes', ...tools, '-c', script], root);
  const pnpmFile = output
    .split('\n')
    .find((line) => line.startsWith(PNPM_MARK))
    ?.slice(PNPM_MARK.length);
  if (code === 0 && pnpmFile) return dirname(pnpmFile);
  throw new Error(`The dependencies could not be installed (exit code ${code}). What npm and pnpm said:\n\n${output}`);
}

/** @param {string} file @returns {Stamp | undefined} */
function readStamp(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

/** @param {Stamp} stamp @param {string} lock @param {string} root */
function isCurrent(stamp, lock, root) {
  const tools = [join(stamp.pnpmDir, 'pnpm'), join(root, 'node_modules', '.bin', 'node')];
  return stamp.lock === lock && tools.every(existsSync);
}

/** @param {string} root @param {Stamp} stamp @returns {Toolchain} */
function toolchain(root, stamp) {
  const bin = join(root, 'node_modules', '.bin');
  // The binary itself, not the launcher in .bin: a signal then reaches it directly.
  const node = realpathSync(join(bin, 'node'));
  return { node, path: [bin, stamp.pnpmDir, process.env.PATH].join(delimiter) };
}

/** @param {string} file */
function hashOf(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

/**
 * Runs a command quietly and keeps what it says. Does not outlive this process: whoever ends it ends the command too.
 *
 * @param {string} command @param {string[]} args @param {string} cwd @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<{ code: number, output: string }>}
 */
export function collect(command, args, cwd, env = process.env) {
  return new Promise((resolve, reject) => {
    // Its own process group: npm, pnpm and turbo are wrappers that die of a signal and leave the real work running.
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const passOn = (/** @type {NodeJS.Signals} */ signal) => {
      if (child.pid) process.kill(-child.pid, signal);
      process.exit(128 + constants.signals[signal]);
    };
    for (const signal of STOPPING) process.on(signal, passOn);
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (output += text));
    child.on('error', reject);
    child.on('close', (code) => {
      for (const signal of STOPPING) process.off(signal, passOn);
      resolve({ code: code ?? 1, output });
    });
  });
}
