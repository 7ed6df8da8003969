// The way in for `npm start`, `npm test` and the others. Runs on whatever Node >= 20 started npm, so it is plain
// JavaScript without dependencies: it installs, builds, and hands over to the pinned Node 24.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { STOPPING, collect, ensureInstalled } from './install.mjs';
import { createProgress } from './progress.mjs';

const OLDEST_NODE = 20;
/** What each command runs once everything is built, and how many steps its progress counts (two of them are ours). */
const COMMANDS = {
  start: { program: 'infra/local/start.ts', steps: 5 },
  test: { program: 'infra/local/test.ts', steps: 5 },
  replay: { program: 'test/replay/replay.ts', steps: 2 },
  bench: { program: 'test/bench/bench.ts', steps: 2 },
  faults: { program: 'test/faults/faults.ts', steps: 2 },
  canary: { program: 'test/canary/canary.ts', steps: 2 },
  walls: { program: 'test/walls/walls.ts', steps: 2 },
  keys: { program: 'infra/local/keys.ts', steps: 2 },
  docs: { program: 'infra/local/docs.ts', steps: 2 },
  check: { program: 'infra/local/check.ts', steps: 3 },
};

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

main(process.argv.slice(2)).catch((error) => {
  console.error(`\n${error.message}`);
  // Whoever reads the last line of `npm test` finds one, also when it did not come to the tests.
  if (process.argv[2] === 'test') console.log('0 passed, 1 failed');
  process.exitCode = 1;
});

/** @param {string[]} argv */
async function main([name = '', ...args]) {
  requireNode();
  if (!isCommand(name)) throw new Error(`Unknown command "${name}". There are: ${Object.keys(COMMANDS).join(', ')}.`);
  const { program, steps } = COMMANDS[name];
  const progress = createProgress({ total: steps });
  const tools = await ensureInstalled(root, progress);
  const env = toolEnvironment(tools.path);
  await build(progress, env);
  process.exitCode = await handOver(tools.node, [join(root, program), ...args], {
    ...env,
    PATCHBAY_PROGRESS: progress.position,
  });
}

function requireNode() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major >= OLDEST_NODE) return;
  throw new Error(
    `Patchbay needs Node ${OLDEST_NODE} or later to start; this is ${process.version}. Install a current Node and run the command again.`,
  );
}

/** @param {string} name @returns {name is keyof typeof COMMANDS} */
function isCommand(name) {
  return Object.hasOwn(COMMANDS, name);
}

/** @param {string} path @returns {NodeJS.ProcessEnv} */
function toolEnvironment(path) {
  return { ...process.env, PATH: path, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' };
}

/** @param {import('./progress.mjs').Progress} progress @param {NodeJS.ProcessEnv} env */
function build(progress, env) {
  return progress.step('building', async (step) => {
    const args = ['run', 'build', '--cache=local:rw', '--output-logs=errors-only', '--ui=stream'];
    const { code, output } = await collect('turbo', args, root, env);
    if (code !== 0) throw new Error(`The build failed (exit code ${code}):\n\n${output}`);
    if (output.includes('FULL TURBO')) step.detail('up to date');
  });
}

/**
 * Runs the program on Node 24 in the foreground. A signal is passed on and then waited out: ending before the child
 * would give the terminal back while the platform is still stopping. npm may pass the same Ctrl-C on a second time.
 *
 * @param {string} node @param {string[]} args @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>} the exit code
 */
function handOver(node, args, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(node, args, { stdio: 'inherit', env });
    for (const signal of STOPPING) process.on(signal, () => child.kill(signal));
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? 'SIGTERM']));
  });
}
