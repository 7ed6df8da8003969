import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import type { Period } from './history.ts';
import type { Platform } from './platform.ts';

const POLL_MS = 10;
const BACK_WITHIN_MS = 30_000;

/**
 * PostgreSQL ends at once, without a checkpoint, `times` times in a row: each time before it lets anybody in.
 *
 * @returns from its end until the last moment at which it surely let nobody in
 */
export async function crashPostgres(platform: Platform, times = 1): Promise<Period> {
  const fromMs = Date.now();
  for (let time = 1; time <= times; time++) {
    const pid = await untilUp(() => platform.pidOf('postgres'));
    process.kill(pid, 'SIGQUIT');
    await until(() => platform.pidOf('postgres') !== pid);
  }
  // Whoever connects while we do may be let in before us: it was surely away only when the last attempt in vain began.
  let untilMs = Date.now();
  await until(async () => {
    const askedAtMs = Date.now();
    if (await letsIn(platform.running.databaseUrl!)) return true;
    untilMs = askedAtMs;
    return false;
  });
  return { fromMs, untilMs };
}

/** The broker is killed, and started again by the supervisor. */
export async function killNats(platform: Platform): Promise<Period> {
  const fromMs = Date.now();
  const pid = await untilUp(() => platform.pidOf('nats'));
  process.kill(pid, 'SIGKILL');
  await until(() => platform.pidOf('nats') !== pid);
  const { hostname, port } = new URL(platform.running.natsUrl);
  await until(() => listens(hostname, Number(port)));
  return { fromMs, untilMs: Date.now() };
}

async function untilUp(pidOf: () => number | undefined): Promise<number> {
  await until(() => pidOf() !== undefined);
  return pidOf()!;
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const endsAt = Date.now() + BACK_WITHIN_MS; !(await holds()); await wait(POLL_MS)) {
    if (Date.now() > endsAt) throw new Error(`What was broken on purpose did not come back within ${BACK_WITHIN_MS / 1000} s.`);
  }
}

async function letsIn(connectionString: string): Promise<boolean> {
  const client = new pg.Client({ connectionString });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch {
    // Still starting.
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

function listens(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}
