import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, headers, type NatsConnection } from '@nats-io/transport-node';
import { trace } from '@opentelemetry/api';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startNats, type TestNats } from '@patchbay/testing/nats-server';
import { Gate } from '../../testing/gate.ts';
import { echo, startTiny, tinyEvents } from '../../testing/tiny-service.ts';
import type { RunningService } from '../bootstrap/start-service.ts';
import { newId } from '../identity/new-id.ts';
import { streamOf } from '@patchbay/contracts/jetstream-subjects';
import { ensureEventStream } from './event-stream.ts';
import type { EventOf } from './handles.ts';

type Happened = EventOf<typeof tinyEvents.happened>;

const SUBJECT = tinyEvents.happened.subject;
const STREAM = streamOf(SUBJECT);
const DURABLE = 'tiny_thing_happened';
let server: TestNats;
let nats: NatsConnection;
let service: RunningService | undefined;

beforeAll(async () => {
  server = await startNats();
  nats = await connect({ servers: server.url });
});

/** Every test has a stream of its own, and begins without one. */
beforeEach(async () => {
  await ensureEventStream(nats, 'tiny');
});

afterEach(async () => {
  await service?.stop();
  service = undefined;
  await (await jetstreamManager(nats)).streams.delete(STREAM);
});

afterAll(async () => {
  await nats.drain();
  await server.stop();
});

async function publish(text: string, marks: Record<string, string> = {}): Promise<void> {
  const sent = headers();
  for (const [name, value] of Object.entries(marks)) sent.set(name, value);
  await jetstream(nats).publish(SUBJECT, text, { headers: sent });
}

function envelope(number: unknown): string {
  const event = { id: newId('event'), subject: SUBJECT, organizationId: 'org_1', occurredAt: new Date().toISOString() };
  return JSON.stringify({ ...event, payload: { number } });
}

/** Starts the consumer with a handler, and gives what it is called with, in turn. */
async function consume(handler: (event: Happened, nth: number) => Promise<void> = async () => undefined) {
  const received: Happened[] = [];
  const gates: { count: number; resolve: () => void }[] = [];
  const script = {
    ...echo,
    consume: async (event: Happened) => {
      received.push(event);
      const nth = received.length;
      for (const { count, resolve } of gates) if (nth >= count) resolve();
      await handler(event, nth);
    },
  };
  service = await startTiny(server.url, script, { consumes: true });
  const upTo = (count: number) =>
    received.length >= count ? undefined : new Promise<void>((resolve) => gates.push({ count, resolve }));
  return { received, upTo };
}

/** The next advisory of a kind that the server publishes about our consumer. */
async function advisory(kind: string): Promise<void> {
  const subscription = nats.subscribe(`$JS.EVENT.ADVISORY.CONSUMER.${kind}.${STREAM}.${DURABLE}`, { max: 1 });
  await nats.flush();
  await subscription[Symbol.asyncIterator]().next();
}

const numbers = (received: Happened[]) => received.map(({ payload }) => payload.number);

describe('a consumer of an event', () => {
  it('receives what happened, with its envelope', async () => {
    const { received, upTo } = await consume();

    await publish(envelope(7));
    await upTo(1);

    expect(received).toEqual([
      {
        id: expect.stringMatching(/^evt_/),
        subject: SUBJECT,
        organizationId: 'org_1',
        occurredAt: expect.any(String),
        payload: { number: 7 },
      },
    ]);
  });

  it('receives what happened while it was away', async () => {
    const first = await consume();
    await publish(envelope(1));
    await first.upTo(1);
    await service?.stop();

    await publish(envelope(2));
    const second = await consume();
    await second.upTo(1);

    expect(numbers(second.received)).toEqual([2]);
  });

  it('receives an event again after it has failed', async () => {
    const { received, upTo } = await consume(async (_event, nth) => {
      if (nth === 1) throw new Error('the database is away');
    });

    await publish(envelope(1));
    await upTo(2);

    expect(numbers(received)).toEqual([1, 1]);
    expect(received[1]?.id).toBe(received[0]?.id);
  });

  it.each([
    ['no JSON', 'nonsense'],
    ['no envelope', '{"number":1}'],
    ['a payload that breaks the contract', envelope('one')],
  ])('gives up an event with %s, and goes on with the next', async (_what, text) => {
    const { received, upTo } = await consume();
    const terminated = advisory('MSG_TERMINATED');

    await publish(text);
    await publish(envelope(2));
    await Promise.all([terminated, upTo(1)]);

    expect(numbers(received)).toEqual([2]);
  });

  it('waits for a stream that its emitter makes later', async () => {
    await (await jetstreamManager(nats)).streams.delete(STREAM);
    const { received, upTo } = await consume();

    await ensureEventStream(nats, 'tiny');
    await publish(envelope(3));
    await upTo(1);

    expect(numbers(received)).toEqual([3]);
  });

  it('finishes what it has begun before it stops, and leaves the rest to the next', async () => {
    const gate = new Gate();
    const first = await consume(() => gate.pass());
    await publish(envelope(1));
    await gate.arrived();

    let hasStopped = false;
    const stopped = service?.stop().then(() => {
      hasStopped = true;
    });
    await nats.flush();
    expect(hasStopped).toBe(false);
    gate.open();
    await stopped;
    await publish(envelope(2));
    const second = await consume();
    await second.upTo(1);

    expect(numbers(first.received)).toEqual([1]);
    expect(numbers(second.received)).toEqual([2]);
  });
});

describe('the trace of an event', () => {
  it('is a new one with a link to what caused it, so that a call does not grow by what follows it', async () => {
    const exporter = new InMemorySpanExporter();
    trace.disable();
    trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }));
    const { upTo } = await consume();

    await publish(envelope(1), { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' });
    await upTo(1);
    await service?.stop();
    service = undefined;

    const [span] = exporter.getFinishedSpans().filter(({ name }) => name === `process ${SUBJECT}`);
    expect(span?.parentSpanContext).toBeUndefined();
    expect(span?.spanContext().traceId).not.toBe('0af7651916cd43dd8448eb211c80319c');
    expect(span?.links.map(({ context }) => context)).toMatchObject([
      { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' },
    ]);
  });
});

describe('the stream of a service', () => {
  it('keeps seven days on disk and recognises a repeated event', async () => {
    const { config } = await (await jetstreamManager(nats)).streams.info(STREAM);

    expect(config).toMatchObject({
      subjects: ['tiny.v1.*.*'],
      storage: 'file',
      max_age: 7 * 86_400e9,
      duplicate_window: 600e9,
    });
  });

  it('may be made by several instances, one after the other', async () => {
    await ensureEventStream(nats, 'tiny');
    await publish(envelope(1));
    await ensureEventStream(nats, 'tiny');

    expect((await (await jetstreamManager(nats)).streams.info(STREAM)).state.messages).toBe(1);
  });
});
