import { jetstream, jetstreamManager, type StoredMsg } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { context, propagation, ROOT_CONTEXT } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startNats, type TestNats } from '@patchbay/testing/nats-server';
import { pino } from 'pino';
import { openTinyDatabase, type TinyDatabase } from '../../testing/tiny-database.ts';
import { tinyEvents } from '../../testing/tiny-service.ts';
import { ensureEventStream } from '../messaging/event-stream.ts';
import { createLogger } from '../telemetry/logger.ts';
import { Metrics } from '../telemetry/metrics.ts';
import { contextFromTraceparent } from '../telemetry/propagation.ts';
import type { Transaction } from './database.ts';
import { inOrganization } from './organization.ts';
import { addToOutbox, firstDelivery, OutboxRelay } from './outbox.ts';
import { PartitionKeeper } from './partitions.ts';

const STREAM = 'events_tiny';
const logger = createLogger('test', 'silent');
let server: TestNats;
let nats: NatsConnection;
let database: TinyDatabase;

beforeAll(async () => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  [server, database] = await Promise.all([startNats(), openTinyDatabase()]);
  nats = await connect({ servers: server.url });
  const tables = ['outbox', 'inbox'].map((table) => ({ table, id: 'event' as const, retentionDays: 30 }));
  await new PartitionKeeper(database.source, tables, logger).tick(new Date());
});

beforeEach(async () => {
  await ensureEventStream(nats, 'tiny');
});

afterEach(async () => {
  await database.admin.query('truncate outbox, inbox');
  await (await jetstreamManager(nats)).streams.delete(STREAM);
});

afterAll(async () => {
  await nats.drain();
  await Promise.all([server.stop(), database.stop()]);
  context.disable();
  propagation.disable();
});

const relay = (connection = nats, source = database.source) => new OutboxRelay(source, connection, 'tiny', logger, new Metrics(logger));
const add = (tx: Transaction, number: number) =>
  addToOutbox(tx, tinyEvents.happened, { organizationId: 'org_1', payload: { number } });
const commit = (...numbers: number[]) =>
  inOrganization(database.source, 'org_1', async (tx) => {
    for (const number of numbers) await add(tx, number);
  });

async function published(): Promise<StoredMsg[]> {
  const { streams } = await jetstreamManager(nats);
  const { state } = await streams.info(STREAM);
  const all = Array.from({ length: state.messages }, (_, nth) =>
    streams.getMessage(STREAM, { seq: state.first_seq + nth }),
  );
  return (await Promise.all(all)).filter((message) => message !== null);
}

const numbersOf = (messages: StoredMsg[]) =>
  messages.map((message) => message.json<{ payload: { number: number } }>().payload.number);
const waiting = async () => {
  const [row] = await database.admin.query('select count(*)::int as rows from outbox where published_at is null');
  return (row as { rows: number }).rows;
};

describe('an event in the outbox', () => {
  it('is published after the commit, once, in its envelope', async () => {
    await commit(7);

    expect(await relay().relayBatch()).toBe(1);
    expect(await relay().relayBatch()).toBe(0);

    const [message, ...more] = await published();
    expect(more).toEqual([]);
    expect(message?.subject).toBe('tiny.v1.thing.happened');
    expect(message?.json()).toEqual({
      id: expect.stringMatching(/^evt_[0-9a-f]{32}$/),
      subject: 'tiny.v1.thing.happened',
      organizationId: 'org_1',
      occurredAt: expect.stringMatching(/Z$/),
      payload: { number: 7 },
    });
    expect(message?.header.get('Nats-Msg-Id')).toBe(message?.json<{ id: string }>().id);
    expect(await waiting()).toBe(0);
  });

  it('is among those that wait, in the metrics, until it is published', async () => {
    const metrics = new Metrics(logger);
    const relaying = new OutboxRelay(database.source, nats, 'tiny', logger, metrics);
    await commit(1, 2);
    expect(await metrics.text()).toContain('patchbay_outbox_events 2\n');

    await relaying.relayBatch();

    expect(await metrics.text()).toContain('patchbay_outbox_events 0\n');
  });

  it('is not published before the commit', async () => {
    await inOrganization(database.source, 'org_1', async (tx) => {
      await add(tx, 1);
      expect(await relay().relayBatch()).toBe(0);
    });

    expect(await relay().relayBatch()).toBe(1);
  });

  it('is never published when the transaction is rolled back', async () => {
    const rolledBack = inOrganization(database.source, 'org_1', async (tx) => {
      await add(tx, 1);
      throw new Error('changed my mind');
    });
    await expect(rolledBack).rejects.toThrow('changed my mind');

    expect(await relay().relayBatch()).toBe(0);
    expect(await published()).toEqual([]);
  });

  it('carries the trace of what made it true', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await context.with(contextFromTraceparent(traceparent, ROOT_CONTEXT), () => commit(1));
    await commit(2);

    await relay().relayBatch();

    expect((await published()).map(({ header }) => header.get('traceparent'))).toEqual([traceparent, '']);
  });

  it('must fit its contract, or the transaction fails', async () => {
    const wrong = inOrganization(database.source, 'org_1', (tx) =>
      addToOutbox(tx, tinyEvents.happened, { organizationId: 'org_1', payload: { number: 'one' as never } }),
    );

    await expect(wrong).rejects.toThrow('number');
    expect(await waiting()).toBe(0);
  });

  it('goes out in the order of its making', async () => {
    await commit(...Array.from({ length: 40 }, (_, number) => number));

    await relay().relayBatch();

    expect(numbersOf(await published())).toEqual(Array.from({ length: 40 }, (_, number) => number));
  });
});

describe('a relay', () => {
  it('that died between publishing and noting it does not double the event', async () => {
    await commit(1);
    await relay().relayBatch();
    await database.admin.query('update outbox set published_at = null');

    expect(await relay().relayBatch()).toBe(1);

    expect(await published()).toHaveLength(1);
  });

  it('without a broker keeps the events for the next', async () => {
    const closed = await connect({ servers: server.url });
    await closed.close();
    await commit(1, 2);

    await expect(relay(closed).relayBatch()).rejects.toThrow('closed connection');
    expect(await waiting()).toBe(2);
    expect(await relay().relayBatch()).toBe(2);

    expect(numbersOf(await published())).toEqual([1, 2]);
  });

  it('tries again by itself when its stream was away', async () => {
    const failed = Promise.withResolvers<void>();
    const listening = pino({ level: 'warn' }, { write: () => failed.resolve() });
    const running = new OutboxRelay(database.source, nats, 'tiny', listening, new Metrics(listening));
    await running.onModuleInit();
    const { streams, consumers } = await jetstreamManager(nats);
    await streams.delete(STREAM);
    await commit(1);
    running.wake();
    await failed.promise;

    await ensureEventStream(nats, 'tiny');
    const { name } = await consumers.add(STREAM, {});
    const message = await (await jetstream(nats).consumers.get(STREAM, name)).next({ expires: 20_000 });

    expect(message?.json()).toMatchObject({ payload: { number: 1 } });
    await running.beforeApplicationShutdown();
    expect(await waiting()).toBe(0);
  });

  it('shares the work with another one, and both publish each event once', async () => {
    const second = await database.openAgain();
    await commit(...Array.from({ length: 150 }, (_, number) => number));

    const batches = await Promise.all([relay().relayBatch(), relay(nats, second).relayBatch()]);

    expect(batches.toSorted((a, b) => a - b)).toEqual([50, 100]);
    const numbers = numbersOf(await published());
    expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 150 }, (_, number) => number));
  });

  it('sends what was committed just before it is stopped', async () => {
    const running = relay();
    await running.onModuleInit();
    await commit(1);

    await running.beforeApplicationShutdown();

    expect(numbersOf(await published())).toEqual([1]);
  });
});

describe('an event that is delivered twice', () => {
  const envelope = { id: 'evt_ffff', organizationId: 'org_1' };
  const seen = () => inOrganization(database.source, 'org_1', (tx) => firstDelivery(tx, envelope));
  beforeEach(async () => {
    await database.admin.query(`create table if not exists inbox_all partition of inbox default`);
  });

  it('is new once, for each organization', async () => {
    expect(await seen()).toBe(true);
    expect(await seen()).toBe(false);
    expect(await inOrganization(database.source, 'org_2', (tx) => firstDelivery(tx, { ...envelope, organizationId: 'org_2' }))).toBe(
      true,
    );
  });

  it('is new again when its effect was rolled back', async () => {
    const failed = inOrganization(database.source, 'org_1', async (tx) => {
      await firstDelivery(tx, envelope);
      throw new Error('no effect');
    });
    await expect(failed).rejects.toThrow('no effect');

    expect(await seen()).toBe(true);
  });
});
