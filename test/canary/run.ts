import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathsIn, repoRoot } from '../../infra/local/paths.ts';
import { ensureSecrets } from '../../infra/local/secrets.ts';
import { accounts } from './accounts.ts';
import { Api } from './api.ts';
import { Canaries, type Canary } from './canaries.ts';
import { NatsCapture } from './nats-capture.ts';
import type { Options } from './options.ts';
import { natsTrace, scanAnswers, scanDatabases, scanFile, scanFolder, scanMessages, scanMetrics, scanTrace } from './places.ts';
import { restart, startPlatform, type Platform } from './platform.ts';
import { neverReceived } from './proof.ts';
import { Provider } from './provider.ts';
import { Scanner } from './scanner.ts';
import { scanStoppedDatabases } from './stopped-databases.ts';
import { Tenant } from './tenant.ts';
import { takeTheTour, type Outcomes } from './tour.ts';

/** Of the programs that play the faults, below our data folder. */
const FAULTS_HOME = 'faults-home';

export interface CanaryRun {
  options: Options;
  env: NodeJS.ProcessEnv;
  signal: AbortSignal;
  say(text: string): void;
}

/** What was found, and what it says. */
export interface Searched {
  scanner: Scanner;
  canaries: Canary[];
  /** Secrets that were not used as they should have been: that they are found nowhere says nothing. */
  unproven: string[];
  /** What became of the calls; of those that tests make, nobody keeps count. */
  outcomes?: Outcomes;
  figures: Record<string, number>;
}

/** One organization with an account of each kind is led through everything, and then all that is left of it is searched. */
export async function runCanary({ options, env, signal, say }: CanaryRun): Promise<Searched> {
  await using undo = new AsyncDisposableStack();
  const platform = await startPlatform(env, signal);
  if (!options.keep) undo.defer(() => platform.remove());
  await using running = new AsyncDisposableStack();
  running.defer(() => platform.stop());
  const canaries = new Canaries();
  const provider = await Provider.start(canaries, platform.certificate);
  undo.defer(() => provider.stop());
  const { dataDir, messagesFile, running: { natsUrl, url, apiKey } } = platform;
  const capture = await NatsCapture.start({ natsUrl, dataDir, file: messagesFile });
  const api = new Api(url, canaries);
  const tenant = await Tenant.create(api, apiKey, 'canary');
  running.defer(() => tenant.close());
  say('taking every kind of connection through everything');
  const interrupt = async () => {
    for (const service of ['credentials', 'runner']) await restart(platform, service);
  };
  const outcomes = await takeTheTour({ api, tenant, provider, canaries, accounts: accounts(provider.urls.http), interrupt });
  const failed = await playAlong({ options, platform, canaries, say });
  say('searching');
  const scanner = new Scanner(canaries.all);
  const tables = await scanDatabases(scanner, platform.running.databaseUrl!);
  const metrics = await scanMetrics(scanner, platform.running.services);
  scanAnswers(scanner, api.answers);
  await capture.stop();
  // What services write while they stop is searched too.
  await running.disposeAsync();
  scanRemains(scanner, platform);
  const faultTables = options.faults.length > 0 ? await scanFaults(scanner, platform, signal) : 0;
  const figures = { answers: api.answers.length, messages: capture.messages, spanExports: platform.spans.exports, tables: tables + faultTables, metrics };
  return { scanner, canaries: canaries.all, unproven: [...neverReceived(provider, canaries).map((secret) => `the provider never received ${secret}`), ...failed], outcomes, figures };
}

function scanRemains(scanner: Scanner, { dataDir, spansFile, messagesFile }: Platform): void {
  const { logs, postgres, nats } = pathsIn(dataDir);
  scanMessages(scanner, messagesFile);
  scanFile(scanner, 'exported spans', spansFile, 'spans');
  scanFolder(scanner, 'logs', logs);
  scanFolder(scanner, 'files of PostgreSQL', postgres);
  scanFolder(scanner, 'files of NATS', nats);
  const elsewhere = [logs, postgres, nats, join(dataDir, 'captured')];
  const trace = natsTrace(faultsFolder(dataDir));
  scanFolder(scanner, 'other files', dataDir, (path) => path === trace || elsewhere.some((folder) => path.startsWith(`${folder}/`)));
}

/** The platform of the faults, beside its files, which were searched with all others. */
async function scanFaults(scanner: Scanner, { dataDir }: Platform, signal: AbortSignal): Promise<number> {
  const folder = faultsFolder(dataDir);
  scanTrace(scanner, natsTrace(folder));
  return scanStoppedDatabases(scanner, folder, ensureSecrets(pathsIn(folder).secrets, []).postgres.superuser, signal);
}

function faultsFolder(dataDir: string): string {
  return join(dataDir, FAULTS_HOME, 'faults');
}

/** Recorded conversations and faults with a secret of ours, as programs of their own. */
async function playAlong({ options, platform, canaries, say }: Pick<CanaryRun, 'options' | 'say'> & { platform: Platform; canaries: Canaries }): Promise<string[]> {
  const failed: string[] = [];
  const play = async (kind: string, args: string[], env: NodeJS.ProcessEnv) => {
    say(`playing ${kind}`);
    const secret = canaries.makeToken(kind, 'secret');
    const child = spawn(process.execPath, args, { cwd: repoRoot, env: { ...platform.env, ...env, PATCHBAY_CANARY: secret }, stdio: ['ignore', 2, 2] });
    const [code] = (await once(child, 'exit')) as [number | null];
    if (code !== 0) failed.push(`${kind} ended with ${code}`);
  };
  const { url, apiKey } = platform.running;
  if (options.replay) await play('replay', ['test/replay/replay.ts', options.replay], { PATCHBAY_URL: url, PATCHBAY_API_KEY: apiKey });
  if (options.faults.length === 0) return failed;
  await play('faults', ['test/faults/faults.ts', '--only', options.faults.join(',')], { PATCHBAY_DATA: join(platform.dataDir, FAULTS_HOME) });
  if (!existsSync(faultsFolder(platform.dataDir))) throw new Error('The faults left no folder to search.');
  return failed;
}
