import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import type { ProcessRecord } from './process-record.ts';

export interface ProcessSpec {
  name: string;
  command: string;
  args: string[];
  env: Record<string, string>;
  cwd: string;
  logFile: string;
  /** A part of the command line that no other program has: by it a process left over from a killed run is known as ours. */
  proof: string;
  stopSignal: NodeJS.Signals;
  /** How long it may take to stop before `killSignal`. */
  graceMs: number;
  killSignal: NodeJS.Signals;
  uid?: number;
  gid?: number;
}

/** Told of every start and end, so that the terminal and running.json can follow. */
export interface SupervisorEvents {
  started?(name: string, pid: number): void;
  ended?(name: string, how: string, restartInMs: number): void;
}

const FIRST_DELAY_MS = 200;
const LONGEST_DELAY_MS = 5_000;
/** Up for this long means that the last trouble is over. */
const STEADY_MS = 30_000;
/** An exit code 0 sooner than this is a program that does nothing, not one that was asked to stop. */
const SHORTEST_LIFE_MS = 1_000;
const LARGEST_LOG_BYTES = 20 * 1024 * 1024;
const TAIL_LINES = 30;

/** How long to wait before the next start, and the delay to double from. */
export function restartDelayMs(exit: { code: number | null; upMs: number; previousMs: number }): number {
  if (exit.code === 0 && exit.upMs >= SHORTEST_LIFE_MS) return 0;
  if (exit.upMs >= STEADY_MS || exit.previousMs === 0) return FIRST_DELAY_MS;
  return Math.min(exit.previousMs * 2, LONGEST_DELAY_MS);
}

/** One process of the platform: started, watched, started again, stopped. */
export class SupervisedProcess {
  readonly spec: ProcessSpec;
  #child: ChildProcess | undefined;
  #restarts = false;
  #stopping = false;
  #delayMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #ended = Promise.withResolvers<string>();
  readonly #record: ProcessRecord;
  readonly #events: SupervisorEvents;

  constructor(spec: ProcessSpec, record: ProcessRecord, events: SupervisorEvents = {}) {
    this.spec = spec;
    this.#record = record;
    this.#events = events;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Settles, with how it ended, when the process ends before `keepUp` was called. */
  get ended(): Promise<string> {
    return this.#ended.promise;
  }

  start(): void {
    const { spec } = this;
    const startedAt = Date.now();
    const log = openSync(spec.logFile, 'a', 0o600);
    const child = spawn(spec.command, spec.args, {
      cwd: spec.cwd,
      env: spec.env,
      uid: spec.uid,
      gid: spec.gid,
      stdio: ['ignore', log, log],
      // Its own process group: Ctrl-C in the terminal must reach only us, or the database would go before the services.
      detached: true,
    });
    closeSync(log);
    this.#child = child;
    child.once('error', (error) => this.#onEnd(null, `could not be started: ${error.message}`, startedAt));
    child.once('exit', (code, signal) =>
      this.#onEnd(code, signal ? `was ended by ${signal}` : `exited with code ${code}`, startedAt),
    );
    if (child.pid === undefined) return;
    this.#record.add(child.pid, { name: spec.name, proof: spec.proof, stopSignal: spec.stopSignal });
    this.#events.started?.(spec.name, child.pid);
  }

  /** From now on the process is started again whenever it ends. */
  keepUp(): void {
    this.#restarts = true;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#timer);
    const child = this.#child;
    if (!child?.pid) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill(this.spec.stopSignal);
    const impatience = setTimeout(() => child.kill(this.spec.killSignal), this.spec.graceMs);
    await gone;
    clearTimeout(impatience);
  }

  #onEnd(code: number | null, how: string, startedAt: number): void {
    const pid = this.#child?.pid;
    this.#child = undefined;
    if (pid !== undefined) this.#record.remove(pid);
    if (this.#stopping) return;
    if (!this.#restarts) return this.#ended.resolve(how);
    this.#delayMs = restartDelayMs({ code, upMs: Date.now() - startedAt, previousMs: this.#delayMs });
    this.#events.ended?.(this.spec.name, how, this.#delayMs);
    this.#timer = setTimeout(() => this.start(), this.#delayMs);
  }
}

/** A log file larger than 20 MB becomes `.1`; only between two runs, so that no process writes to a moved file. */
export function rotateLog(logFile: string): void {
  if (existsSync(logFile) && statSync(logFile).size > LARGEST_LOG_BYTES) renameSync(logFile, `${logFile}.1`);
}

export function tailOf(logFile: string): string {
  if (!existsSync(logFile)) return '(no log)';
  return readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-TAIL_LINES).join('\n');
}
