// What `npm start` runs: the whole platform in the foreground, until Ctrl-C or SIGTERM.
import { setTimeout as wait } from 'node:timers/promises';
import { dataDirFrom } from './paths.ts';
import { continueProgress } from './progress.mjs';
import { DataFolderInUse, findHolder, readRunning, type Running } from './running.ts';
import { onStopSignal } from './stop-signal.ts';
import { startStack, type Stack } from './stack.ts';

const STEPS = 3;
/** The holder of the data folder may be starting for the first time, downloads and all, or stopping with calls in flight. */
const OTHER_START_TIMEOUT_MS = 300_000;
const POLL_MS = 500;

const progress = continueProgress(process.env.PATCHBAY_PROGRESS, STEPS);
const dataDir = dataDirFrom(process.env);
const stopSignal = onStopSignal();

main().catch((error: Error) => {
  if (error.name === 'AbortError') return progress.line('\nStopped before everything was up.');
  console.error(`\n${error.message}`);
  process.exitCode = 1;
});

async function main(): Promise<void> {
  const running = await findOther();
  if (running) return progress.line(alreadyText(running));
  const stack = await startStack({ progress, signal: stopSignal });
  progress.line(await welcomeText(stack.running));
  await untilStopped(stack);
}

/** A platform that runs already. One that is being started or stopped elsewhere is waited for. */
async function findOther(): Promise<Running | undefined> {
  const until = Date.now() + OTHER_START_TIMEOUT_MS;
  for (let waited = false; ; waited = true) {
    const running = await readRunning(dataDir);
    const holder = findHolder(dataDir);
    if (running || holder === undefined) return running;
    if (Date.now() > until) throw new DataFolderInUse(dataDir, holder);
    if (!waited) progress.line(`Process ${holder} is starting or stopping Patchbay on ${dataDir}; waiting for it.`);
    await wait(POLL_MS, undefined, { signal: stopSignal });
  }
}

async function untilStopped(stack: Stack): Promise<void> {
  if (!stopSignal.aborted)
    await new Promise((resolve) => stopSignal.addEventListener('abort', resolve, { once: true }));
  progress.line('\nStopping: the services finish their calls, then the broker and the database close.');
  await stack.stop();
  progress.line(`Stopped. The data is in ${dataDir}.`);
}

function alreadyText({ pid, url, apiKey }: Running): string {
  return `Patchbay is running already (process ${pid}).\n${whereText(url, apiKey)}`;
}

async function welcomeText({ url, apiKey }: Running): Promise<string> {
  const problem = await problemOfFirstRequest(url, apiKey);
  const warning = problem
    ? `\nWarning: that request does not work yet: ${problem}. See the logs in ${dataDir}/logs.\n`
    : '';
  return `\nPatchbay is running.\n${whereText(url, apiKey)}\n${warning}\nCtrl-C stops it; the data stays in ${dataDir}.`;
}

/** What is printed as working has been tried. */
async function problemOfFirstRequest(url: string, apiKey: string): Promise<string | undefined> {
  try {
    const response = await fetch(`${url}/v1/sessions`, { headers: { authorization: `Bearer ${apiKey}` } });
    await response.body?.cancel();
    return response.ok ? undefined : `it answered ${response.status}`;
  } catch (error) {
    return (error as Error).message;
  }
}

function whereText(url: string, apiKey: string): string {
  return `
  console and API   ${url}
  API key           ${apiKey}
  try it            curl -H "authorization: Bearer ${apiKey}" ${url}/v1/sessions`;
}
