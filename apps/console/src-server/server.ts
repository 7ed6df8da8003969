import { fileURLToPath } from 'node:url';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { readEnv, type Listen } from './env.ts';
import { buildPages } from './pages.ts';

const FOLDER = fileURLToPath(new URL('../dist', import.meta.url));

async function serve(): Promise<void> {
  const env = readEnv();
  const metrics = new Registry();
  // Every 10 ms, as it is by default, keeps an idle server waking a hundred times a second.
  collectDefaultMetrics({ register: metrics, eventLoopMonitoringPrecision: 500 });
  const pages = await buildPages({ folder: FOLDER, logger: true, metrics });
  await pages.listen(env).catch((cause: unknown) => {
    throw listenProblem(env, cause);
  });
  const drain = () => void pages.close().then(() => process.exit(0), stop);
  process.once('SIGTERM', drain);
  process.once('SIGINT', drain);
}

function listenProblem({ host, port }: Listen, cause: unknown): Error {
  const isTaken = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE';
  const why = isTaken ? 'the port is taken' : String(cause);
  return new Error(
    `The console cannot listen on ${host}:${port}: ${why}. Set CONSOLE_PORT (or CONSOLE_HOST) to another one, or stop what uses it.`,
    { cause },
  );
}

function stop(error: unknown): void {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

serve().catch(stop);
