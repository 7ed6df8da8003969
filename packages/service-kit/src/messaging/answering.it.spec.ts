import { connect, headers, type Msg, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ServiceError } from '@patchbay/contracts/errors';
import { startNats, type TestNats } from '@patchbay/testing/nats-server';
import { Gate } from '../../testing/gate.ts';
import { echo, startTiny, tiny, type Script } from '../../testing/tiny-service.ts';
import type { RunningService } from '../bootstrap/start-service.ts';
import { createLogger } from '../telemetry/logger.ts';
import { Metrics } from '../telemetry/metrics.ts';
import { answerer } from './answer.ts';
import { clientFor } from './client.ts';
import type { RequestContext } from './request-context.ts';
import { RequestMetrics } from './request-metrics.ts';

let server: TestNats;
let service: RunningService;
let nats: NatsConnection;
const script: Script = { ...echo };

beforeAll(async () => {
  server = await startNats();
  nats = await connect({ servers: server.url, inboxPrefix: '_INBOX_edge_1' });
  service = await startTiny(server.url, script);
});

beforeEach(() => {
  Object.assign(script, echo);
});

afterAll(async () => {
  await service.stop();
  await nats.drain();
  await server.stop();
});

interface Raw {
  status: string;
  word: string;
  body: { code?: string; message?: string; text?: string; details?: { fields?: { path: string; problem: string }[] } };
}

/** Sends bytes and reads the answer as any NATS client would. */
async function ask(body: string, marks: Record<string, string> = {}, subject = 'tiny.v1.run'): Promise<Raw> {
  const sent = headers();
  for (const [name, value] of Object.entries(marks)) sent.set(name, value);
  const reply: Msg = await nats.request(subject, body, { timeout: 10_000, headers: sent });
  return {
    status: reply.headers?.get('Nats-Service-Error-Code') ?? '',
    word: reply.headers?.get('Nats-Service-Error') ?? '',
    body: reply.json(),
  };
}

const INTERNAL = { status: '500', word: 'internal', body: { code: 'internal', message: 'Internal error.' } };

describe('a handler', () => {
  it('answers plain JSON without an envelope', async () => {
    expect(await ask('{"text":"hällo"}')).toEqual({ status: '', word: '', body: { text: 'hällo' } });
  });

  it('receives defaults, also for a request without a body', async () => {
    expect((await ask('')).body).toEqual({ text: 'nothing' });
    expect((await ask('{}')).body).toEqual({ text: 'nothing' });
  });

  it('answers a typed client', async () => {
    expect(await clientFor(nats, tiny).run({ text: 'typed' })).toEqual({ text: 'typed' });
  });
});

describe('a request that does not fit', () => {
  it.each(['{"text":', 'nonsense', '\u0000'])('because it is no JSON is refused: %p', async (body) => {
    const answer = await ask(body);

    expect(answer).toMatchObject({ status: '400', word: 'invalid_arguments', body: { code: 'invalid_arguments' } });
    expect(answer.body.details?.fields).toEqual([{ path: '', problem: 'is not valid JSON' }]);
  });

  it('names every field that breaks the contract', async () => {
    const answer = await ask('{"text":7,"items":[{"count":1},{"count":"two"}]}');

    expect(answer).toMatchObject({ status: '400', word: 'invalid_arguments' });
    expect(answer.body.details?.fields?.map(({ path }) => path)).toEqual(['text', 'items.1.count']);
    expect(answer.body.message).toContain('items.1.count: ');
  });

  it.each(['[]', '"text"', 'null', '7'])('because it is no object is refused: %s', async (body) => {
    expect(await ask(body)).toMatchObject({ status: '400', body: { details: { fields: [{ path: '' }] } } });
  });

  it('never reaches the handler', async () => {
    let ran = false;
    script.run = async () => {
      ran = true;
      return { text: '' };
    };

    await ask('{"text":7}');

    expect(ran).toBe(false);
  });
});

describe('a request of a service that names no inbox for the answer', () => {
  it.each([undefined, 'tiny.v1.run', '$JS.ACK.stream.consumer.1'])('does not reach the handler: %p', async (reply) => {
    const seen: string[] = [];
    script.run = async ({ text }) => {
      seen.push(text);
      return { text };
    };

    nats.publish('tiny.v1.run', '{"text":"unasked"}', reply === undefined ? {} : { reply });
    await ask('{"text":"asked"}');

    expect(seen).toEqual(['asked']);
  });
});

describe('what a handler throws', () => {
  it('is answered as it is when the contract declares it', async () => {
    const details = { fields: [{ path: 'text', problem: 'is taken' }], holder: 'someone' };
    script.run = () => Promise.reject(new ServiceError('conflict', 'It is taken.', { details }));

    expect(await ask('{}')).toEqual({
      status: '409',
      word: 'conflict',
      body: { code: 'conflict', message: 'It is taken.', details },
    });
    await expect(clientFor(nats, tiny).run({})).rejects.toMatchObject({
      code: 'conflict',
      message: 'It is taken.',
      details,
    });
  });

  it.each(['unavailable', 'deadline_exceeded', 'overloaded', 'payload_too_large'] as const)(
    'may always be %s',
    async (code) => {
      script.run = () => Promise.reject(new ServiceError(code, 'So it is.'));

      expect(await ask('{}')).toMatchObject({ word: code, body: { message: 'So it is.' } });
    },
  );

  it.each([
    ['an undeclared ServiceError', new ServiceError('forbidden', 'secret reason', { details: { reason: 'secret' } })],
    ['an Error', new Error('connect to postgresql://user:secret@db failed')],
    ['a text', 'secret'],
    ['nothing', undefined],
  ])('is internal and says nothing when it is %s', async (_what, thrown) => {
    script.run = () => Promise.reject(thrown as Error);

    expect(await ask('{}')).toEqual(INTERNAL);
  });

  it('is internal when it is thrown before there is a promise', async () => {
    script.run = () => {
      throw new Error('at once');
    };

    expect(await ask('{}')).toEqual(INTERNAL);
  });

  it('is the fault of the arguments when PostgreSQL cannot hold a text', async () => {
    script.run = () => Promise.reject(Object.assign(new Error('22P05'), { driverError: { code: '22P05' } }));

    expect(await ask('{}')).toMatchObject({ word: 'invalid_arguments' });
  });

  it('is internal when the answer cannot be sent', async () => {
    script.run = async () => ({ text: 'a'.repeat(5_000_000) });

    expect(await ask('{}')).toEqual(INTERNAL);
  });
});

describe('a request whose reply cannot be sent', () => {
  it('is ended all the same, because nobody can be told', async () => {
    const closing = await connect({ servers: server.url });
    const logger = createLogger('test', 'silent');
    const metrics = new RequestMetrics(new Metrics(logger)).of(tiny.run.subject);
    const answer = answerer('tiny', tiny.run, () => closing.close(), logger, metrics);
    const answered = Promise.withResolvers<void>();
    closing.subscribe('closing', { callback: (_error, message) => answered.resolve(answer(message)) });
    await closing.flush();

    nats.publish('closing', '{}', { reply: '_INBOX_nobody.1' });

    await expect(answered.promise).resolves.toBeUndefined();
  });
});

describe('the deadline of a request', () => {
  const seen: RequestContext[] = [];
  beforeEach(() => {
    seen.length = 0;
    script.run = async (_input, request) => {
      seen.push(request);
      return { text: '' };
    };
  });

  it('is known to the handler, and runs', async () => {
    await ask('{}', { 'patchbay-deadline-ms': '4000' });

    expect(seen[0]?.deadline?.budgetMs).toBe(4000);
    expect(seen[0]?.deadline?.remainingMs).toBeLessThan(4000);
  });

  it.each(['0', '-5'])('has passed when %s ms are left', async (left) => {
    expect(await ask('{}', { 'patchbay-deadline-ms': left })).toMatchObject({
      status: '504',
      word: 'deadline_exceeded',
    });
    expect(seen).toEqual([]);
  });

  it.each(['', 'soon', 'NaN', 'Infinity'])('is none when the header says %p', async (value) => {
    await ask('{}', { 'patchbay-deadline-ms': value });

    expect(seen[0]?.deadline).toBeNull();
  });
});

describe('more requests at once than a process takes', () => {
  it('are refused at once, and those it took are answered', async () => {
    const gate = new Gate();
    script.run = async () => {
      await gate.pass();
      return { text: 'answered' };
    };
    const taken = Array.from({ length: 1024 }, () => ask('{}'));
    await gate.arrived(1024);

    const refused = await ask('{}');
    gate.open();

    expect(refused).toMatchObject({ status: '503', word: 'overloaded' });
    expect((await Promise.all(taken)).every(({ body }) => body.text === 'answered')).toBe(true);
    expect((await ask('{}')).body).toEqual({ text: 'answered' });
  });
});
