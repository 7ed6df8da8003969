import { connect, type NatsConnection, type RequestOptions } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rpc } from '@patchbay/contracts/define';
import { ServiceError } from '@patchbay/contracts/errors';
import { fakeService } from '@patchbay/testing/fake-service';
import { startNats, type TestNats } from '@patchbay/testing/nats-server';
import { z } from 'zod';
import { clientFor, requestUntil } from './client.ts';

const operation = (name: string) =>
  rpc(`neighbour.v1.${name}`, {
    summary: 'Answer.',
    input: z.object({ text: z.string().optional() }),
    output: z.object({ text: z.string() }),
    errors: ['not_found'],
  });
const neighbour = {
  early: operation('early'),
  late: operation('late'),
  never: operation('never'),
  odd: operation('odd'),
  mute: operation('mute'),
};

let server: TestNats;
let nats: NatsConnection;
let other: NatsConnection;

beforeAll(async () => {
  server = await startNats();
  nats = await connect({ servers: server.url });
  other = await connect({ servers: server.url });
});

afterAll(async () => {
  await nats.drain();
  await other.drain();
  await server.stop();
});

/** The connection, with a word whenever a request was refused because nobody was there. */
function refusals(connection: NatsConnection): { nats: NatsConnection; refused: Promise<void> } {
  const { promise: refused, resolve } = Promise.withResolvers<void>();
  const request = (subject: string, body: string, options: RequestOptions) =>
    connection.request(subject, body, options).catch((error: unknown) => {
      resolve();
      throw error;
    });
  return { nats: Object.assign(Object.create(connection) as NatsConnection, { request }), refused };
}

describe('a neighbour that answers', () => {
  it('is asked with the input and gives the output', async () => {
    fakeService(other, neighbour, { early: async ({ text }) => ({ text: `heard ${text}` }) });
    await other.flush();

    expect(await clientFor(nats, neighbour).early({ text: 'you' })).toEqual({ text: 'heard you' });
  });

  it('is told what is left of the deadline', async () => {
    const deadlines: number[] = [];
    const subscription = other.subscribe('neighbour.v1.odd', {
      callback: (_error, message) => {
        deadlines.push(Number(message.headers?.get('patchbay-deadline-ms')));
        message.respond('{"text":""}');
      },
    });
    await other.flush();

    await clientFor(nats, neighbour).odd({}, { timeoutMs: 700 });
    await clientFor(nats, neighbour).odd({});
    subscription.unsubscribe();

    expect(deadlines[0]).toBeGreaterThan(0);
    expect(deadlines[0]).toBeLessThanOrEqual(700);
    expect(deadlines[1]).toBeLessThanOrEqual(5_000);
  });

  it('with something that is not in its contract is internal', async () => {
    const subscription = other.subscribe('neighbour.v1.odd', {
      callback: (_error, message) => void message.respond('{"text":7}'),
    });
    await other.flush();

    await expect(clientFor(nats, neighbour).odd({})).rejects.toMatchObject({ name: 'ServiceError', code: 'internal' });
    subscription.unsubscribe();
  });
});

describe('a neighbour that is away', () => {
  it('is waited for until it comes', async () => {
    const tapped = refusals(nats);
    const asked = clientFor(tapped.nats, neighbour).late({ text: 'x' }, { timeoutMs: 20_000 });
    await tapped.refused;

    fakeService(other, neighbour, { late: async () => ({ text: 'here at last' }) });

    expect(await asked).toEqual({ text: 'here at last' });
  });

  it('for the whole time is unavailable', async () => {
    // The last time it asks, 225 ms are left for the server to say that nobody is there.
    await expect(clientFor(nats, neighbour).never({}, { timeoutMs: 600 })).rejects.toMatchObject({
      name: 'ServiceError',
      code: 'unavailable',
      message: 'The neighbour service is not running.',
    });
  });

  it('because the connection is closed is unavailable', async () => {
    const closed = await connect({ servers: server.url });
    await closed.close();

    await expect(clientFor(closed, neighbour).early({})).rejects.toMatchObject({
      name: 'ServiceError',
      code: 'unavailable',
    });
  });
});

describe('a neighbour that does not answer', () => {
  it('exceeds the deadline, and is asked once only', async () => {
    let asked = 0;
    const subscription = other.subscribe('neighbour.v1.mute', { callback: () => void asked++ });
    await other.flush();

    await expect(clientFor(nats, neighbour).mute({}, { timeoutMs: 60 })).rejects.toMatchObject({
      name: 'ServiceError',
      code: 'deadline_exceeded',
      message: 'The neighbour service did not answer in time.',
    });
    subscription.unsubscribe();
    expect(asked).toBe(1);
  });
});

describe('a request by hand', () => {
  it('is answered at the inbox it names, and need not carry a deadline', async () => {
    const received: { reply: string | undefined; deadline: boolean }[] = [];
    const subscription = other.subscribe('neighbour.v1.odd', {
      callback: (_error, message) => {
        received.push({ reply: message.reply, deadline: message.headers?.has('patchbay-deadline-ms') ?? false });
        message.respond('{}');
      },
    });
    await other.flush();

    const reply = await requestUntil(nats, 'neighbour.v1.odd', '{}', {
      timeoutMs: 5_000,
      deadlineMs: null,
      replyPrefix: '_INBOX_edge_1',
    });
    subscription.unsubscribe();

    expect(reply.json()).toEqual({});
    expect(received).toEqual([{ reply: expect.stringMatching(/^_INBOX_edge_1\.\w+$/), deadline: false }]);
  });

  it('is refused as a ServiceError too when nobody is there', async () => {
    const asked = requestUntil(nats, 'neighbour.v1.never', '{}', {
      timeoutMs: 60,
      deadlineMs: 60,
      replyPrefix: '_INBOX_edge_1',
    });

    await expect(asked).rejects.toBeInstanceOf(ServiceError);
  });
});
