import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findNatsServer } from '../../infra/local/nats-server.ts';
import { dataDirFrom, pathsIn } from '../../infra/local/paths.ts';
import { freePort, portVariable, PORTS } from '../../infra/local/ports.ts';
import { createProgress } from '../../infra/local/progress.mjs';
import type { Running } from '../../infra/local/running.ts';
import { startStack } from '../../infra/local/stack.ts';
import { selfSigned } from '../../packages/egress/fixtures/certificate.ts';
import type { Certificate } from './provider.ts';
import { SpanCollector } from './span-collector.ts';

/** A whole platform on empty tables and free ports, whose every output is kept. */
export interface Platform {
  dataDir: string;
  running: Running;
  /** For a provider by https: the platform trusts it. */
  certificate: Certificate;
  spans: SpanCollector;
  spansFile: string;
  messagesFile: string;
  env: NodeJS.ProcessEnv;
  stop(): Promise<void>;
  remove(): void;
}

/** Some calls are many in a short time, which is what these limits stop. */
const UNLIMITED = { RUNNER_RATE_LIMITS: 'off', RUNNER_LOOP_EQUAL_CALLS: '0', RUNNER_LOOP_CALLS_PER_MINUTE: '0' };
const START_STEPS = 3;
const READY_MS = 60_000;
const PAUSE_MS = 200;

export async function startPlatform(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<Platform> {
  const home = dataDirFrom(env);
  const dataDir = join(home, `canary-${randomUUID()}`);
  const captured = join(dataDir, 'captured');
  mkdirSync(captured, { recursive: true });
  const certificate = selfSigned('localhost');
  writeFileSync(join(captured, 'provider.pem'), certificate.cert);
  const spansFile = join(captured, 'spans');
  const spans = await SpanCollector.start(spansFile);
  const platformEnv = await environment(env, { dataDir, home, otlp: spans.url, ca: join(captured, 'provider.pem') }, signal);
  const progress = createProgress({ total: START_STEPS, output: process.stderr });
  const stack = await startStack({ env: platformEnv, progress, signal }).catch(async (error: unknown) => {
    await spans.stop();
    throw error;
  });
  const stop = async () => {
    await stack.stop();
    await spans.stop();
  };
  const messagesFile = join(captured, 'messages');
  const remove = () => rmSync(dataDir, { recursive: true, force: true });
  return { dataDir, running: stack.running, certificate, spans, spansFile, messagesFile, env: platformEnv, stop, remove };
}

async function environment(
  env: NodeJS.ProcessEnv,
  { dataDir, home, otlp, ca }: { dataDir: string; home: string; otlp: string; ca: string },
  signal: AbortSignal,
): Promise<NodeJS.ProcessEnv> {
  const { DATABASE_URL: _database, NATS_URL: _nats, ...rest } = env;
  const { bin } = pathsIn(home);
  mkdirSync(bin, { recursive: true });
  const found = env.PATCHBAY_NATS_SERVER ? dirname(env.PATCHBAY_NATS_SERVER) : bin;
  if (!env.PATCHBAY_NATS_SERVER) await findNatsServer({ env, binDir: bin, note: (text) => process.stderr.write(`${text}\n`), signal });
  const gatewayPort = await freePort();
  return {
    ...rest,
    ...UNLIMITED,
    ...Object.fromEntries(Object.keys(PORTS).map((name) => [portVariable(name), '0'])),
    GATEWAY_PORT: String(gatewayPort),
    CREDENTIALS_PUBLIC_URL: `http://127.0.0.1:${gatewayPort}`,
    PATCHBAY_DATA: dataDir,
    PATH: [found, env.PATH ?? ''].join(delimiter),
    NODE_EXTRA_CA_CERTS: ca,
    OTEL_EXPORTER_OTLP_ENDPOINT: otlp,
  };
}

/** Ends a service, which is started again, and waits until it is ready. */
export async function restart({ running }: Pick<Platform, 'running'>, service: string): Promise<void> {
  const before = running.services[service]!.pid;
  process.kill(before, 'SIGTERM');
  const endsAt = performance.now() + READY_MS;
  for (;;) {
    const { pid, port } = running.services[service]!;
    const answer = pid === before ? undefined : await fetch(`http://127.0.0.1:${port}/ready`).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.ok) return;
    if (performance.now() > endsAt) throw new Error(`${service} did not come back within ${READY_MS} ms.`);
    await delay(PAUSE_MS);
  }
}
