import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathsIn, repoRoot } from '../../infra/local/paths.ts';
import { accounts } from './accounts.ts';
import { Api } from './api.ts';
import { Canaries, type Canary } from './canaries.ts';
import { NatsCapture } from './nats-capture.ts';
import type { Options } from './options.ts';
import { scanAnswers, scanDatabases, scanFile, scanFolder, scanMessages, scanMetrics } from './places.ts';
import { restart, startPlatform, type Platform } from './platform.ts';
import { neverReceived } from './proof.ts';
import { Provider } from './provider.ts';
import { Scanner } from './scanner.ts';
import { Tenant } from './tenant.ts';
import { takeTheTour, type Outcomes } from './tour.ts';

export interface CanaryRun {
  options: Options;
  env: NodeJS.ProcessEnv;
  signal: AbortSignal;
  say(text: string): void;
}

export interface Flown {
  scanner: Scanner;
  canaries: Canary[];
  /** Secrets that were not used as they should have been: that they are found nowhere says nothing. */
  unproven: string[];
  outcomes: Outcomes;
  figures: Record<string, number>;
}

/** One organization with an account of each kind is led through everything, and then all that is left of it is searched. */
export async function runCanary({ options, env, signal, say }: CanaryRun): Promise<Flown> {
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
  await scanMetrics(scanner, platform.running.services);
  scanAnswers(scanner, api.answers);
  await capture.stop();
  // What services write while they stop is searched too.
  await running.disposeAsync();
  scanRemains(scanner, platform);
  const figures = { answers: api.answers.length, messages: capture.messages, spanExports: platform.spans.exports, tables };
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
  scanFolder(scanner, 'other files', dataDir, (path) => elsewhere.some((folder) => path.startsWith(`${folder}/`)));
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
  const home = join(platform.dataDir, 'faults-home');
  if (options.faults.length > 0) await play('faults', ['test/faults/faults.ts', '--only', options.faults.join(',')], { PATCHBAY_DATA: home });
  if (options.faults.length > 0 && !existsSync(join(home, 'faults'))) failed.push('the faults left no folder to search');
  return failed;
}
