import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { rpc } from '@patchbay/contracts/define';
import { startNats, type TestNats } from '@patchbay/testing/nats-server';
import { connect as dial, createServer, type AddressInfo, type Socket } from 'node:net';
import { z } from 'zod';
import { Gate } from '../../testing/gate.ts';
import { tinyEvents } from '../../testing/tiny-service.ts';
import { createLogger } from '../telemetry/logger.ts';
import { clientFor, requestUntil } from './client.ts';
import { consumeEvents } from './consume-events.ts';
import { ensureEventStream } from './event-stream.ts';
import { connectNats } from './nats.ts';
import { SnapshotMirror, SnapshotPublisher } from './snapshots.ts';

const neighbour = { odd: rpc('neighbour.v1.odd', { summary: 'Answer.', input: z.object({}), output: z.object({}) }) };
const logger = createLogger('test', 'silent');

let server: TestNats;
let nats: NatsConnection;

beforeAll(async () => {
  server = await startNats();
  nats = await connect({ servers: server.url });
});

afterAll(async () => {
  await nats.drain();
  await server.stop();
});

/** The same connection with another way to ask. */
function asking(request: NatsConnection['request']): NatsConnection {
  return Object.assign(Object.create(nats) as NatsConnection, { request });
}

/** A way to the server that greets only when it is allowed to. */
async function slowToGreet() {
  let greeting = new Gate();
  greeting.open();
  let dialled = Promise.withResolvers<void>();
  const sockets = new Set<Socket>();
  const slow = createServer(async (near) => {
    sockets.add(near.on('error', () => undefined));
    dialled.resolve();
    await greeting.pass();
    const far = dial(Number(new URL(server.url).port), '127.0.0.1').on('error', () => undefined);
    near.pipe(far).pipe(near);
    near.on('close', () => far.destroy());
  });
  await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve));
  return {
    url: `nats://127.0.0.1:${(slow.address() as AddressInfo).port}`,
    /** Breaks the connection; resolves when it is being dialled again, ungreeted. */
    async breakAndHold() {
      greeting = new Gate();
      dialled = Promise.withResolvers<void>();
      for (const socket of sockets) socket.destroy();
      await dialled.promise;
    },
    greet: () => greeting.open(),
    close: () => slow.close(),
  };
}

describe('a client', () => {
  it('does not send later what it was told had failed while the connection was away', async () => {
    const received: string[] = [];
    const subscription = nats.subscribe('neighbour.v1.odd', { callback: (_error, message) => void received.push(message.string()) });
    const wire = await slowToGreet();
    const client = await connectNats({ name: 'x', urls: wire.url, logger });
    await wire.breakAndHold();

    await expect(clientFor(client, neighbour).odd({}, { timeoutMs: 100 })).rejects.toMatchObject({ code: 'unavailable' });
    wire.greet();
    await client.flush();
    await client.drain();
    await nats.flush();

    subscription.unsubscribe();
    wire.close();
    expect(received).toEqual([]);
  });

  it('refuses a request that is larger than the server takes', async () => {
    const options = { timeoutMs: 50, deadlineMs: 50, replyPrefix: '_INBOX_edge_1' };

    await expect(requestUntil(nats, 'neighbour.v1.odd', 'a'.repeat(5_000_000), options)).rejects.toMatchObject({
      code: 'payload_too_large',
    });
  });

  it('says that a reply which is no JSON is internal', async () => {
    const subscription = nats.subscribe('neighbour.v1.odd', { callback: (_error, message) => void message.respond('Bad Gateway') });

    const asked = clientFor(nats, neighbour).odd({});

    await expect(asked.finally(() => subscription.unsubscribe())).rejects.toMatchObject({ name: 'ServiceError', code: 'internal' });
  });
});

describe('an event consumer', () => {
  it('stops also while it is being made', async () => {
    await ensureEventStream(nats, 'tiny');
    const began = Promise.withResolvers<void>();
    const tapped = asking((subject, ...rest) => {
      if (subject.includes('.CONSUMER.')) began.resolve();
      return nats.request(subject, ...rest);
    });
    const consumer = consumeEvents({ nats: tapped, service: 'tiny', contract: tinyEvents.happened, handler: async () => undefined, logger });
    await began.promise;

    await expect(consumer.stop()).resolves.toBeUndefined();
  });
});

describe('a mirror of snapshots', () => {
  it('never replaces a newer snapshot by an older one that it asked for', async () => {
    const schema = z.object({ state: z.string() });
    const publisher = new SnapshotPublisher<z.infer<typeof schema>>(nats, 'races');
    await publisher.ensure();
    const gate = new Gate();
    const slow = asking(async (subject, ...rest) => {
      if (!subject.includes('.MSG.GET.') && !subject.includes('.DIRECT.GET.')) return nats.request(subject, ...rest);
      await publisher.put('a', { state: 'live' });
      const reply = await nats.request(subject, ...rest);
      await gate.pass();
      return reply;
    });
    const ended = Promise.withResolvers<void>();
    const onChange = (_key: string, snapshot?: { state: string }) => {
      if (snapshot?.state === 'ended') ended.resolve();
    };
    const mirror = new SnapshotMirror({ nats: slow, bucket: 'races', schema, logger, onChange });
    await mirror.start();
    const finding = mirror.find('a');
    await gate.arrived();
    await publisher.put('a', { state: 'ended' });
    await ended.promise;
    gate.open();

    await finding;

    mirror.stop();
    expect(mirror.get('a')).toEqual({ state: 'ended' });
  });
});
