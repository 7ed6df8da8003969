import { connect, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startNats, type TestNats } from '@patchbay/testing/nats-server';
import { echo, startTiny, type Script } from '../../testing/tiny-service.ts';
import type { RunningService } from '../bootstrap/start-service.ts';

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

const ask = async (subject: string, body = '{}') => {
  const reply = await nats.request(subject, body, { timeout: 10_000 });
  return { word: reply.headers?.get('Nats-Service-Error') ?? '', body: reply.json<Record<string, unknown>>() };
};

describe('a request of an edge', () => {
  it('is of the organization and the edge in its subject, whatever its body says', async () => {
    script.probe = async (input, request) => ({ text: JSON.stringify({ ...request, ...input, deadline: undefined }) });

    const { body } = await ask('edge.v1.org_1.edge_1.probe', '{"organizationId":"org_2","edgeId":"edge_2"}');

    expect(JSON.parse(String(body['text']))).toEqual({
      subject: 'edge.v1.org_1.edge_1.probe',
      organizationId: 'org_1',
      edgeId: 'edge_1',
      text: 'nothing',
    });
  });

  it.each(['edge.v1.ORG.edge_1.probe', 'edge.v1.org-1.edge_1.probe', `edge.v1.${'o'.repeat(81)}.edge_1.probe`])(
    'at a subject with a token that is no id is refused: %s',
    async (subject) => {
      expect(await ask(subject)).toMatchObject({
        word: 'invalid_arguments',
        body: { details: { fields: [{ path: 'subject' }] } },
      });
    },
  );

  it('of more than 256 KiB is refused with the number that is allowed', async () => {
    expect(await ask('edge.v1.org_1.edge_1.probe', JSON.stringify({ text: 'a'.repeat(262_144) }))).toMatchObject({
      word: 'payload_too_large',
      body: { details: { maxBytes: 262_144 } },
    });
  });

  it('of 256 KiB is answered', async () => {
    const text = 'a'.repeat(262_144 - '{"text":""}'.length);

    expect((await ask('edge.v1.org_1.edge_1.probe', JSON.stringify({ text }))).body).toEqual({ text });
  });
});

describe('a reply subject', () => {
  /** Publishes with a reply subject and tells whether anything came there before a later request was answered. */
  async function isAnswered(edgeId: string, reply: string): Promise<boolean> {
    let answered = false;
    const inbox = nats.subscribe(reply, {
      callback: () => {
        answered = true;
      },
    });
    nats.publish(`edge.v1.org_1.${edgeId}.probe`, '{}', { reply });
    await ask('edge.v1.org_1.edge_1.probe');
    inbox.unsubscribe();
    return answered;
  }

  it('inside the inbox of the edge is answered', async () => {
    expect(await isAnswered('edge_1', '_INBOX_edge_1.anything.1')).toBe(true);
  });

  it.each([
    ['of another edge', '_INBOX_edge_2.1'],
    ['of an edge whose id begins alike', '_INBOX_edge_11.1'],
    ['of a service', '_INBOX_credentials.1'],
    ['that is an operation', 'credentials.v1.create_edge'],
    ['that is the inbox itself', '_INBOX_edge_1'],
  ])('%s gets no answer, and the handler does not run', async (_whose, reply) => {
    let ran = 0;
    script.probe = async () => {
      ran++;
      return { text: '' };
    };

    expect(await isAnswered('edge_1', reply)).toBe(false);
    expect(ran).toBe(1);
  });

  it('that is missing gets no answer and harms nobody', async () => {
    nats.publish('edge.v1.org_1.edge_1.probe', '{}');

    expect((await ask('edge.v1.org_1.edge_1.probe')).body).toEqual({ text: 'nothing' });
  });
});
