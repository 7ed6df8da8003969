import { connect, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startNats, type TestNats } from '@patchbay/testing/nats-server';
import { Gate } from '../../testing/gate.ts';
import { echo, startTiny, tiny } from '../../testing/tiny-service.ts';
import { clientFor, type ClientOf } from '../messaging/client.ts';

let server: TestNats;
let nats: NatsConnection;
let client: ClientOf<typeof tiny>;

beforeAll(async () => {
  server = await startNats();
  nats = await connect({ servers: server.url });
  client = clientFor(nats, tiny);
});

afterAll(async () => {
  await nats.drain();
  await server.stop();
});

async function get(url: string): Promise<{ status: number; body: unknown }> {
  const response = await fetch(url, { headers: { connection: 'close' } });
  return { status: response.status, body: await response.json() };
}

/** Whether nobody takes requests; one that is taken waits at a gate and is not answered in time. */
async function isAway(): Promise<boolean> {
  const error: unknown = await client.run({}, { timeoutMs: 100 }).catch((thrown: unknown) => thrown);
  return (error as { code?: string }).code === 'unavailable';
}

describe('a service that has started', () => {
  it('takes requests at once, and says that it lives and is ready', async () => {
    const service = await startTiny(server.url, echo);

    expect(await client.run({ text: 'first' })).toEqual({ text: 'first' });
    expect(await get(`${service.url}/health`)).toEqual({ status: 200, body: { status: 'ok' } });
    expect(await get(`${service.url}/ready`)).toEqual({ status: 200, body: { status: 'ok' } });
    await service.stop();
  });

  it('listens on loopback, and no more once it has stopped', async () => {
    const service = await startTiny(server.url, echo);

    await service.stop();
    expect(service.url).toMatch(/^http:\/\/127\.0\.0\.1:[1-9][0-9]*$/);
    await expect(get(`${service.url}/health`)).rejects.toThrow('fetch failed');
  });
});

describe('a service that rehearses', () => {
  it('does so before anybody is answered', async () => {
    let away: boolean | undefined;
    const service = await startTiny(server.url, echo, { rehearse: async () => void (away = await isAway()) });

    expect(away).toBe(true);
    expect(await client.run({ text: 'first' })).toEqual({ text: 'first' });
    await service.stop();
  });

  it('is up all the same when it could not', async () => {
    const service = await startTiny(server.url, echo, { rehearse: () => Promise.reject(new Error('no stage')) });

    expect(await client.run({ text: 'first' })).toEqual({ text: 'first' });
    await service.stop();
  });
});

describe('a service that is stopped', () => {
  it('answers all 50 requests it has taken, is not ready meanwhile, and takes no other', async () => {
    const gate = new Gate();
    const service = await startTiny(server.url, {
      ...echo,
      run: async ({ text }) => {
        await gate.pass();
        return { text };
      },
    });
    const taken = Array.from({ length: 50 }, (_, number) =>
      client.run({ text: String(number) }, { timeoutMs: 20_000 }),
    );
    await gate.arrived(50);

    const stopped = service.stop();
    expect(await get(`${service.url}/ready`)).toMatchObject({
      status: 503,
      body: { obstacles: ['starting or stopping'] },
    });
    while (!(await isAway()));
    gate.open();

    expect((await Promise.all(taken)).map(({ text }) => text)).toEqual(
      Array.from({ length: 50 }, (_, number) => String(number)),
    );
    await stopped;
  });

  it('loses no request when another instance is there', async () => {
    const [leaving, staying] = await Promise.all([startTiny(server.url, echo), startTiny(server.url, echo)]);
    const numbers = Array.from({ length: 300 }, (_, number) => String(number));

    const asked = Promise.all(numbers.map((text) => client.run({ text })));
    const stopped = leaving.stop();
    const askedMeanwhile = Promise.all(numbers.map((text) => client.run({ text })));

    expect((await asked).map(({ text }) => text)).toEqual(numbers);
    expect((await askedMeanwhile).map(({ text }) => text)).toEqual(numbers);
    await stopped;
    expect(await client.run({ text: 'still here' })).toEqual({ text: 'still here' });
    await staying.stop();
  });

  it('may be stopped while nothing is under way', async () => {
    const service = await startTiny(server.url, echo);

    await expect(service.stop()).resolves.toBeUndefined();
  });
});
