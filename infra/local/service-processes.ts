import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { repoRoot, type DataPaths } from './paths.ts';
import type { ProcessRecord } from './process-record.ts';
import type { Progress, Step } from './progress.mjs';
import { httpUrl, serviceEnvironment, type ServiceContext, type ServiceSpec } from './services.ts';
import { SupervisedProcess, tailOf, type ProcessSpec, type SupervisorEvents } from './supervisor.ts';

export interface ServicesOptions {
  services: ServiceSpec[];
  context: ServiceContext;
  paths: DataPaths;
  record: ProcessRecord;
  events: SupervisorEvents;
  progress: Progress;
  signal?: AbortSignal;
  readyTimeoutMs: number;
  /** Gets the stopping of the services, also of a start that fails half-way. */
  undo: AsyncDisposableStack;
}

/** A service waits this long at most for calls in flight; then it is ended hard. */
const GRACE_MS = 40_000;
const POLL_MS = 100;
const PROBE_TIMEOUT_MS = 2_000;

/** Starts all services at once (they wait for their neighbours themselves), and returns when each says that it is ready. */
export async function startServices(options: ServicesOptions): Promise<void> {
  const { services, context, paths, record, events, progress, undo } = options;
  requireBuilt(services);
  const processes = services.map((service) => new SupervisedProcess(specOf(service, context, paths), record, events));
  undo.defer(() => stopServices(services, processes));
  await progress.step(`starting ${services.length} services`, (step) => {
    for (const process of processes) process.start();
    return untilAllReady(options, processes, step);
  });
  for (const process of processes) process.keepUp();
}

/** Rank by rank: while one rank finishes its calls, those that it needs for it are still there. */
async function stopServices(services: ServiceSpec[], processes: SupervisedProcess[]): Promise<void> {
  const ranks = [...new Set(services.map(({ stopRank }) => stopRank))].toSorted((a, b) => a - b);
  for (const rank of ranks) {
    await Promise.all(
      processes.filter((_, index) => services[index]!.stopRank === rank).map((process) => process.stop()),
    );
  }
}

async function untilAllReady(options: ServicesOptions, processes: SupervisedProcess[], step: Step): Promise<void> {
  const timeout = AbortSignal.timeout(options.readyTimeoutMs);
  const done = new AbortController();
  const signal = AbortSignal.any([timeout, done.signal, ...(options.signal ? [options.signal] : [])]);
  try {
    await Promise.all(
      processes.map(async (process) => {
        await Promise.race([untilReady(options.context.ports[process.spec.name]!, signal), failWhenEnded(process)]);
        step.item(`${process.spec.name} is ready`);
      }),
    );
  } catch (error) {
    if (!timeout.aborted || options.signal?.aborted) throw error;
    throw new Error(await notReadyText(options, processes), { cause: error });
  } finally {
    done.abort();
  }
}

async function untilReady(port: number, signal: AbortSignal): Promise<void> {
  while (!(await isReady(port))) await wait(POLL_MS, undefined, { signal });
}

function isReady(port: number): Promise<boolean> {
  return fetch(`${httpUrl(port)}/ready`, { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) }).then(
    async (response) => {
      await response.body?.cancel();
      return response.status === 200;
    },
    // Not listening yet.
    () => false,
  );
}

async function failWhenEnded(process: SupervisedProcess): Promise<never> {
  const how = await process.ended;
  throw new Error(`${process.spec.name} ${how} before it was ready. ${tailText(process)}`);
}

async function notReadyText(
  { context, readyTimeoutMs }: ServicesOptions,
  processes: SupervisedProcess[],
): Promise<string> {
  const ready = await Promise.all(processes.map(({ spec }) => isReady(context.ports[spec.name]!)));
  const late = processes.filter((_, index) => !ready[index]);
  const names = late.map(({ spec }) => spec.name).join(', ');
  return [`Not ready after ${readyTimeoutMs / 1000} s: ${names}.`, ...late.map(tailText)].join('\n\n');
}

function tailText({ spec }: SupervisedProcess): string {
  return `The end of ${spec.logFile}:\n\n${tailOf(spec.logFile)}`;
}

function requireBuilt(services: ServiceSpec[]): void {
  const missing = services.filter(({ entry }) => !existsSync(resolve(repoRoot, entry))).map(({ entry }) => entry);
  if (missing.length > 0)
    throw new Error(`These programs have not been built: ${missing.join(', ')}. "npm start" builds them.`);
}

function specOf(service: ServiceSpec, context: ServiceContext, paths: DataPaths): ProcessSpec {
  // Read by nobody but us: it tells this platform's processes from those of another data folder.
  const proof = `--patchbay-data=${paths.dataDir}`;
  return {
    name: service.name,
    command: process.execPath,
    args: [resolve(repoRoot, service.entry), proof],
    env: serviceEnvironment(service, context),
    cwd: repoRoot,
    logFile: join(paths.logs, `${service.name}.log`),
    proof,
    stopSignal: 'SIGTERM',
    graceMs: GRACE_MS,
    killSignal: 'SIGKILL',
  };
}
