import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { anAgent, ask, askAt, aTenant, rest, running, startSession, type Json, type Tenant } from './platform.ts';
import { Provider } from './provider.ts';
import { secretOf } from './secrets.ts';

let tenant: Tenant;
let other: Tenant;
let provider: Provider;
let sessionId: string;

beforeAll(async () => {
  provider = await Provider.start(() => ({ body: { ok: true } }));
  [tenant, other] = await Promise.all([aTenant('bad input'), aTenant('somebody else')]);
  const parameters = { type: 'object', properties: { orderId: { type: 'string' } }, required: ['orderId'], additionalProperties: false };
  await anAgent(tenant, 'support', secretOf('bad input'), [
    { name: 'check_order', effect: 'read', parameters, http: { method: 'GET', url: `${provider.url}/orders/{orderId}` } },
    { name: 'nobody_there', effect: 'read', parameters, http: { method: 'GET', url: 'http://127.0.0.1:1/orders/{orderId}' } },
  ]);
  sessionId = await startSession(tenant, 'support');
});

afterAll(async () => {
  // Nothing of the above may have stopped the platform from doing its work.
  const outcome = await invoke({ function: 'check_order', arguments: { orderId: '1' } });
  await Promise.all([tenant.nats.drain(), other.nats.drain(), provider.stop()]);
  if (outcome['status'] !== 'succeeded') throw new Error(`the platform is not well: ${JSON.stringify(outcome)}`);
});

function invoke(call: Json, session = sessionId) {
  return ask(tenant, 'invoke', { sessionId: session, turnId: 't1', toolCallId: 'c1', ...call });
}

describe('a voice edge', () => {
  it('is told which agent it named wrongly', async () => {
    const reply = await ask(tenant, 'session.start', { agent: 'nobody', channel: 'phone', direction: 'inbound' });

    expect(reply).toMatchObject({ errorCode: 404, errorWord: 'not_found', code: 'not_found', details: { fields: [{ path: 'agent' }] } });
  });

  it('is told which functions there are', async () => {
    expect(await invoke({ function: 'check_orders', arguments: {} })).toMatchObject({
      status: 'rejected',
      error: { code: 'unknown_function', fields: [{ path: 'function', problem: 'must be one of: check_order, nobody_there' }] },
    });
  });

  it('is told that its session has ended', async () => {
    const ended = await startSession(tenant, 'support');
    await ask(tenant, 'session.end', { sessionId: ended, reason: 'done', endedAt: new Date().toISOString() });

    expect(await invoke({ function: 'check_order', arguments: { orderId: '1' } }, ended)).toMatchObject({
      status: 'rejected',
      error: { code: 'session_ended', fields: [{ path: 'sessionId' }] },
    });
  });

  it('is told which arguments break the schema', async () => {
    expect(await invoke({ function: 'check_order', arguments: { orderId: 5, colour: 'red' } })).toMatchObject({
      status: 'rejected',
      error: { code: 'invalid_arguments', fields: expect.arrayContaining([expect.objectContaining({ path: 'orderId' }), expect.objectContaining({ path: 'colour' })]) },
    });
  });

  it.each(['session.start', 'turn', 'invoke', 'heard', 'session.end', 'invocation.get', 'invocation.cancel'])(
    'gets a typed error for malformed JSON at %s',
    async (operation) => {
      expect(await ask(tenant, operation, '{"sessionId": ')).toMatchObject({ errorCode: 400, errorWord: 'invalid_arguments' });
    },
  );

  it('gets a typed error for a body of 2 MB', async () => {
    expect(await invoke({ function: 'check_order', arguments: { orderId: 'x'.repeat(2_000_000) } })).toMatchObject({
      errorCode: 413,
      errorWord: 'payload_too_large',
    });
  });

  it('is told that the provider cannot be reached', async () => {
    expect(await invoke({ function: 'nobody_there', arguments: { orderId: '1' } })).toMatchObject({ status: 'failed', error: { code: 'connect_failed' } });
  });

  it('cannot use the session of another organization', async () => {
    const call = { sessionId, turnId: 't1', toolCallId: 'c1', function: 'check_order', arguments: { orderId: '1' } };

    expect(await ask(other, 'invoke', call)).toMatchObject({ errorCode: 404, errorWord: 'session_not_found', details: { fields: [{ path: 'sessionId' }] } });
  });

  it.each([
    ['another organization', () => `edge.v1.${other.organizationId}.${tenant.edgeId}.invoke`],
    ['another edge', () => `edge.v1.${tenant.organizationId}.${other.edgeId}.invoke`],
    ['a wildcard', () => `edge.v1.${tenant.organizationId}.*.invoke`],
  ])('is refused by the server at a subject with %s', async (_name, subject) => {
    await expect(askAt(tenant.nats, subject(), '{}')).rejects.toThrow(/permissions violation/i);
  });

  it('gets a typed error at a subject with a dot inside a token', async () => {
    expect(await askAt(tenant.nats, `edge.v1.${tenant.organizationId}.${tenant.edgeId}.x.invoke`, '{}')).toMatchObject({
      errorCode: 404,
      errorWord: 'not_found',
      details: { fields: [{ path: 'subject' }] },
    });
  });

  it('hears nothing that is meant for another edge', async () => {
    const listened = tenant.nats.subscribe(`_INBOX_${other.edgeId}.>`);

    await expect(listened.closed).resolves.toMatchObject({ message: expect.stringMatching(/permissions violation/i) });
  });
});

describe('a REST caller', () => {
  it.each([
    ['no key', ''],
    ['a key nobody knows', 'pbk_0000000000000000_nothing'],
  ])('with %s is unauthenticated', async (_name, key) => {
    expect(await rest(key, 'GET', '/v1/sessions')).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
  });

  it('with the key of another organization finds nothing', async () => {
    // Of its own: the others here have asked for this session before, and what they asked is on their own traces.
    const stranger = await aTenant('stranger');
    const timeline = await rest(stranger.key, 'GET', `/v1/sessions/${sessionId}/timeline`);
    const spans = await rest(stranger.key, 'GET', `/v1/sessions/${sessionId}/spans`);

    expect(timeline).toMatchObject({ status: 404, body: { code: 'session_not_found' } });
    expect(spans).toMatchObject({ status: 200, body: { spans: [] } });
    await stranger.nats.close();
  });

  it('with the key of another organization cannot act through its edge', async () => {
    const call = { agent: 'support', channel: 'phone', direction: 'inbound' };

    expect(await rest(other.key, 'POST', `/v1/edges/${tenant.edgeId}/session.start`, call)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  });

  it('is told which field of a tool is wrong', async () => {
    const tool = { name: 'x', description: 'x', effect: 'maybe', parameters: { type: 'object' }, http: { method: 'GET', url: 'nowhere' } };

    const { status, body } = await rest(tenant.key, 'POST', '/v1/tools', tool);

    expect(status).toBe(400);
    expect((body['details'] as { fields: { path: string }[] }).fields.map(({ path }) => path)).toEqual(['effect', 'http.url']);
  });

  it('gets a typed error for a body of 2 MB', async () => {
    expect(await rest(tenant.key, 'POST', '/v1/tools', { name: 'x'.repeat(2_000_000) })).toMatchObject({ status: 413, body: { code: 'payload_too_large' } });
  });

  it('finds every service alive', async () => {
    const answers = await Promise.all(Object.values(running().services).map(({ port }) => fetch(`http://127.0.0.1:${port}/ready`)));

    expect(answers.map(({ status }) => status)).toEqual(Array(9).fill(200));
  });
});
