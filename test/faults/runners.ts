import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { credsFile } from '../../infra/local/nats-config.ts';
import { repoRoot, type DataPaths } from '../../infra/local/paths.ts';
import { freePort } from '../../infra/local/ports.ts';
import { rolesOf, serviceDatabaseUrls } from '../../infra/local/postgres-databases.ts';
import type { ProcessRecord } from '../../infra/local/process-record.ts';
import type { Running } from '../../infra/local/running.ts';
import { ensureSecrets } from '../../infra/local/secrets.ts';
import { serviceEnvironment, SERVICES } from '../../infra/local/services.ts';
import { SupervisedProcess } from '../../infra/local/supervisor.ts';

/** Calls in flight, and then some. */
const GRACE_MS = 40_000;
const READY_WITHIN_MS = 30_000;
const POLL_MS = 25;
const SPEC = SERVICES.find(({ name }) => name === 'runner')!;

export interface RunnerHome {
  env: NodeJS.ProcessEnv;
  paths: DataPaths;
  running: Running;
  record: ProcessRecord;
}

export interface RunnerOptions {
  /** A module that the process loads before anything else. */
  preload?: string;
  /** Where it finds PostgreSQL on this machine, instead of at the server's own port. */
  databasePort?: number;
  /** Environment variables on top of those that the embedded stack gives. */
  settings?: Record<string, string>;
}

/** One instance of the runner: started again whenever it ends, until it is stopped. */
export class Runner {
  readonly name: string;
  readonly #home: RunnerHome;
  readonly #port: number;
  readonly #options: RunnerOptions;
  #process: SupervisedProcess;
  #endings: PromiseWithResolvers<string> = Promise.withResolvers();

  private constructor(name: string, home: RunnerHome, port: number, options: RunnerOptions) {
    this.name = name;
    this.#home = home;
    this.#port = port;
    this.#options = options;
    this.#process = this.#supervised();
  }

  static async start(name: string, home: RunnerHome, options: RunnerOptions = {}): Promise<Runner> {
    const runner = new Runner(name, home, await freePort(), options);
    await runner.start();
    return runner;
  }

  get pid(): number {
    const { pid } = this.#process;
    if (pid === undefined) throw new Error(`${this.name} is not up.`);
    return pid;
  }

  /** Starts it again after a `stop`. */
  async start(): Promise<void> {
    this.#process = this.#supervised();
    this.#process.start();
    this.#process.keepUp();
    await this.ready();
  }

  /** Sends the signal to the process as it is now; answers how it ended, once it has. */
  signal(signal: NodeJS.Signals): Promise<string> {
    this.#endings = Promise.withResolvers();
    process.kill(this.pid, signal);
    return this.#endings.promise;
  }

  async stop(): Promise<void> {
    await this.#process.stop();
  }

  async ready(): Promise<void> {
    const endsAt = Date.now() + READY_WITHIN_MS;
    while (!(await this.#isReady())) {
      if (Date.now() > endsAt) throw new Error(`${this.name} was not ready within ${READY_WITHIN_MS / 1000} s; see ${this.#process.spec.logFile}.`);
      await wait(POLL_MS);
    }
  }

  async #isReady(): Promise<boolean> {
    if (this.#process.pid === undefined) return false;
    try {
      const response = await fetch(`http://127.0.0.1:${this.#port}/ready`, { signal: AbortSignal.timeout(1_000) });
      await response.body?.cancel();
      return response.status === 200;
    } catch {
      // Not listening yet.
      return false;
    }
  }

  #supervised(): SupervisedProcess {
    const { paths, record } = this.#home;
    const proof = `--patchbay-data=${paths.dataDir}`;
    const spec = {
      name: this.name,
      command: process.execPath,
      args: [resolve(repoRoot, SPEC.entry), proof],
      env: this.#environment(),
      cwd: repoRoot,
      logFile: join(paths.logs, `${this.name}.log`),
      proof,
      stopSignal: 'SIGTERM' as const,
      graceMs: GRACE_MS,
      killSignal: 'SIGKILL' as const,
    };
    return new SupervisedProcess(spec, record, { ended: (_name, how) => this.#endings.resolve(how) });
  }

  /** The environment that the embedded stack gives its own runner, with another port. */
  #environment(): Record<string, string> {
    const { env, paths, running } = this.#home;
    const secrets = ensureSecrets(paths.secrets, rolesOf(SPEC.name));
    const ports = Object.fromEntries(Object.entries(running.services).map(([name, { port }]) => [name, port]));
    const variables = serviceEnvironment(SPEC, {
      env,
      ports: { ...ports, [SPEC.name]: this.#port },
      natsUrl: running.natsUrl,
      publicNatsUrl: running.natsUrl,
      creds: (service) => credsFile(paths.creds, service),
      databaseUrls: (service) => {
        const { work, migration } = serviceDatabaseUrls(running.databaseUrl!, service, secrets.postgres.roles);
        return { work: this.#atPort(work), ...(migration ? { migration } : {}) };
      },
      keyringFile: '',
      firstApiKey: '',
      natsAccountSeed: '',
    });
    const { preload, settings } = this.#options;
    return { ...variables, ...settings, ...(preload ? { NODE_OPTIONS: `--import ${preload}` } : {}) };
  }

  #atPort(databaseUrl: string): string {
    const url = new URL(databaseUrl);
    if (this.#options.databasePort) url.port = String(this.#options.databasePort);
    return url.href;
  }
}

export function requireRunnerBuilt(): void {
  if (!existsSync(resolve(repoRoot, SPEC.entry))) throw new Error(`${SPEC.entry} has not been built. "npm run faults" builds it.`);
}
