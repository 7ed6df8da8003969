import type { Rest } from '../replay/rest.ts';
import type { ProviderAddress } from './contenders/contender.ts';
import { ControlledProcess } from './controlled-process.ts';
import type { LoadOrder, Target } from './load-process.ts';
import { startPlatform, type Platform } from './platform.ts';
import type { ProviderOrder } from './provider-server.ts';
import { FUNCTIONS, setUpOrganization, type Organization } from './set-up.ts';
import { System } from './system.ts';
import { createWebhookDatabase } from './webhook-database.ts';
import type { WebhookOrder } from './webhook-server.ts';

/** Everything a run needs, up and connected; stopped in the opposite order. */
export interface Stage extends AsyncDisposable {
  load: ControlledProcess<LoadOrder>;
  provider: ControlledProcess<ProviderOrder>;
  /** The hot path, to look into. */
  runner: { pid: number; logFile: string };
  system: System;
  /** As the bench's organization. */
  rest: Rest;
}

/** What the slow provider takes for every answer. */
export const SLOW_MS = 150;

export async function openStage({
  env,
  signal,
  secret,
}: {
  env: NodeJS.ProcessEnv;
  signal: AbortSignal;
  secret: string;
}): Promise<Stage> {
  await using undo = new AsyncDisposableStack();
  const platform = await startPlatform(env, signal);
  undo.defer(() => platform.stop());
  const start = <O extends { kind: string }>(options: ConstructorParameters<typeof ControlledProcess>[0]) => {
    const started = new ControlledProcess<O>(options);
    undo.defer(() => started.close());
    return started;
  };

  const providerProcess = start<ProviderOrder>({ title: 'provider', program: './provider-server.ts' });
  const provider = { url: await providerProcess.ask<string>({ kind: 'start', secret, slowMs: SLOW_MS }), secret };
  const organization = await setUpOrganization(platform.running, provider);

  const databaseUrl = await createWebhookDatabase(platform.databaseUrl);
  const bare = start<WebhookOrder>({ title: 'webhook', program: './webhook-server.ts' });
  const traced = start<WebhookOrder>({
    title: 'traced webhook',
    program: './webhook-server.ts',
    ...telemetry(platform, organization),
  });
  const order: WebhookOrder = { kind: 'start', databaseUrl, provider };
  const [webhookUrl, tracedUrl] = await Promise.all([bare.ask<string>(order), traced.ask<string>(order)]);

  const load = start<LoadOrder>({ title: 'load generator', program: './load-process.ts' });
  for (const [name, target] of Object.entries(targets(organization, provider, { webhookUrl, tracedUrl }))) {
    await load.ask({ kind: 'connect', name, target });
  }
  const bench = {
    bench: process.pid,
    provider: providerProcess.pid,
    load: load.pid,
    webhook: bare.pid,
    webhookTraced: traced.pid,
  };
  const system = new System({
    single: { ...bench, nats: platform.natsPid, ...servicePids(platform) },
    withChildren: { postgres: platform.postgresPid },
  });
  const opened = undo.move();
  const runner = { pid: servicePids(platform).runner!, logFile: platform.logFileOf('runner') };
  const { rest } = organization;
  return { load, provider: providerProcess, runner, system, rest, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}

/** Loaded before the webhook itself, so that what it imports is patched. */
function telemetry({ running }: Platform, { organizationId }: Organization) {
  return {
    execArgv: ['--import', new URL('./webhook-telemetry.ts', import.meta.url).href],
    env: { WEBHOOK_OTLP_URL: running.otlpUrl, WEBHOOK_ORGANIZATION_ID: organizationId },
  };
}

function targets(
  { edge, agentId }: Organization,
  provider: ProviderAddress,
  urls: { webhookUrl: string; tracedUrl: string },
): Record<string, Target> {
  const patchbay = (functionName: string): Target => ({ way: 'patchbay', patchbay: { edge, agentId, functionName } });
  return {
    direct: { way: 'direct', provider },
    directSlow: { way: 'direct', provider: { ...provider, url: `${provider.url}/slow` } },
    webhook: { way: 'webhook', url: urls.webhookUrl },
    webhookTraced: { way: 'webhook', url: urls.tracedUrl },
    webhookSlow: { way: 'webhook', url: `${urls.webhookUrl}/slow` },
    webhookTracedSlow: { way: 'webhook', url: `${urls.tracedUrl}/slow` },
    patchbayRead: patchbay(FUNCTIONS.read),
    patchbayWrite: patchbay(FUNCTIONS.write),
    patchbaySlow: patchbay(FUNCTIONS.slowRead),
    patchbayOpen: patchbay(FUNCTIONS.openRead),
  };
}

function servicePids({ running }: Platform): Record<string, number> {
  return Object.fromEntries(Object.entries(running.services).map(([name, { pid }]) => [name, pid]));
}
