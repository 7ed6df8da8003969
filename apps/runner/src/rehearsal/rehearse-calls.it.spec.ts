import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadEnv } from '@patchbay/service-kit/config/env';
import { openDatabase, openWorkers } from '@patchbay/service-kit/database/database';
import { connectNats } from '@patchbay/service-kit/messaging/nats';
import { createLogger } from '@patchbay/service-kit/telemetry/logger';
import { Metrics } from '@patchbay/service-kit/telemetry/metrics';
import { startNats } from '@patchbay/testing/nats-server';
import { createTestDatabase, type TestDatabase } from '@patchbay/testing/test-database';
import { PassThrough } from 'node:stream';
import type { DataSource } from 'typeorm';
import { RunningRunner } from '../../testing/running-runner.ts';
import { Env } from '../env.ts';
import { define } from '../service.ts';

const CALLS = 90;
/** A third of them each; of the limited ones 20 are let through. */
const ENDS = { checked: 30, letThrough: 20, limited: 10, booked: 30 };

const undo = new AsyncDisposableStack();
let database: TestDatabase;
let metrics: Metrics;
let warnings: string;
let source: DataSource;
let rehearseAgain: () => Promise<void>;

beforeAll(async () => {
  const server = await startNats();
  undo.defer(() => server.stop());
  database = await createTestDatabase('runner');
  undo.defer(() => database.drop());
  const logged = new PassThrough();
  const logger = createLogger('runner', 'warn', logged);
  const { rehearse, database: tables, env } = define(
    loadEnv('runner', Env, {
      NATS_URL: server.url,
      DATABASE_URL: database.url,
      DATABASE_MIGRATION_URL: database.migrationUrl,
      RUNNER_REHEARSAL_CALLS: String(CALLS),
      RUNNER_RATE_LIMITS: 'strict',
    }),
  );
  const nats = await connectNats({ name: 'runner', urls: server.url, logger });
  undo.defer(() => nats.close());
  const { entities, migrations } = tables!;
  source = await openDatabase({ url: env.DATABASE_URL!, migrationUrl: env.DATABASE_MIGRATION_URL!, poolSize: 3, entities, migrations, logger });
  undo.defer(() => source.destroy());
  const workers = await openWorkers({ url: env.DATABASE_URL!, poolSize: 1, entities, logger });
  undo.defer(() => workers.destroy());
  metrics = new Metrics(logger);
  await rehearse!({ nats, logger, metrics, source, workers });
  rehearseAgain = () => rehearse!({ nats, logger, metrics: new Metrics(logger), source, workers });
  warnings = String(logged.read() ?? '');
});

afterAll(() => undo.disposeAsync());

async function count(effect: string, status: string, code: string): Promise<number> {
  const series = `patchbay_invocations_total{effect="${effect}",status="${status}",code="${code}"} `;
  const line = (await metrics.text()).split('\n').find((one) => one.startsWith(series));
  return Number(line?.slice(series.length) ?? 0);
}

describe('a rehearsal', () => {
  it('answers reads and writes as on any day, and refuses what is beyond its limit, whatever limits are set', async () => {
    expect(await count('read', 'succeeded', 'ok')).toBe(ENDS.checked + ENDS.letThrough);
    expect(await count('read', 'rejected', 'rate_limited')).toBe(ENDS.limited);
    expect(await count('write.reversible', 'succeeded', 'ok')).toBe(ENDS.booked);
  });

  it('stores intents, outcomes and evidence, and keeps none of them', async () => {
    const tables = await database.query<{ name: string }>(
      `select relname as name from pg_class
       where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition and relname <> 'migrations'`,
    );
    const kept = await Promise.all(tables.map(({ name }) => database.query(`select '${name}' as name from "${name}"`)));

    expect(kept.flat()).toEqual([]);
    expect(tables.map(({ name }) => name)).toEqual(expect.arrayContaining(['intents', 'invocations', 'attempts', 'runners']));
    expect(await metrics.text()).toMatch(/^patchbay_evidence_lost_total 0$/m);
  });

  it('warns of nothing', () => {
    expect(warnings).toBe('');
  });

  it('gives up where somebody has locked the tables, and gives its connection back', async () => {
    const other = source.createQueryRunner();
    await other.query('begin; lock table runners in access exclusive mode');

    await expect(rehearseAgain()).rejects.toThrow('statement timeout');

    await other.query('rollback');
    await other.release();
    await rehearseAgain();
  });
});

describe('a runner that has rehearsed', () => {
  it('counts the calls of callers only', async () => {
    const running = await RunningRunner.start({ RUNNER_REHEARSAL_CALLS: '30' });
    running.provider.otherwise(() => ({ body: {} }));
    running.sessionId = await running.startSession('live');

    await running.invoke('check_order', { orderId: '7' });
    const text = await (await fetch(`${running.service.url}/metrics`, { headers: { connection: 'close' } })).text();

    expect(text.match(/^patchbay_invocations_total\{.*$/gm)).toEqual(['patchbay_invocations_total{effect="read",status="succeeded",code="ok"} 1']);
    expect(running.provider.received).toHaveLength(1);
    await running.stop();
  });
});
