import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { connect, createInbox, headers, type NatsConnection } from '@nats-io/transport-node';
import { AGENT_SNAPSHOT_BUCKET, type AgentSnapshot, type FunctionSnapshot } from '@patchbay/contracts/agents';
import { SESSION_BUCKET, type SessionSnapshot } from '@patchbay/contracts/calls';
import { credentials } from '@patchbay/contracts/credentials';
import { edgeInbox, edgeSubject } from '@patchbay/contracts/edge';
import { ServiceError } from '@patchbay/contracts/errors';
import type { Outcome } from '@patchbay/contracts/outcome';
import { runner } from '@patchbay/contracts/runner';
import { startService, type RunningService } from '@patchbay/service-kit/bootstrap/start-service';
import { loadEnv } from '@patchbay/service-kit/config/env';
import { newId } from '@patchbay/service-kit/identity/new-id';
import { clientFor } from '@patchbay/service-kit/messaging/client';
import { SnapshotPublisher } from '@patchbay/service-kit/messaging/snapshots';
import { fakeService } from '@patchbay/testing/fake-service';
import { startNats, type TestNats } from '@patchbay/testing/nats-server';
import { ScriptedProvider } from '@patchbay/testing/scripted-provider';
import { createTestDatabase, type TestDatabase } from '@patchbay/testing/test-database';
import { Env } from './env.ts';
import { RunningInvocations } from './outside/running-invocations.ts';
import { define } from './service.ts';

const organizationId = newId('organization');
const edgeId = newId('edge');
const versionId = newId('agentVersion');
const connectionId = newId('connection');

let server: TestNats;
let database: TestDatabase;
let provider: ScriptedProvider;
let service: RunningService;
let nats: NatsConnection;
let sessions: SnapshotPublisher<SessionSnapshot>;
let sessionId: string;

function functionAt(name: string, more: Partial<FunctionSnapshot>): FunctionSnapshot {
  return {
    functionId: newId('function'),
    name,
    description: name,
    parameters: {
      type: 'object',
      properties: { orderId: { type: 'string' }, count: { type: 'integer' } },
      required: ['orderId'],
      additionalProperties: false,
    },
    effect: 'read',
    toolId: newId('tool'),
    toolVersion: 1,
    http: { method: 'GET', url: `${provider.url}/orders/{orderId}` },
    timeoutMs: 2_000,
    connectionId,
    ...more,
  };
}

beforeAll(async () => {
  [server, database, provider] = await Promise.all([startNats(), createTestDatabase(), ScriptedProvider.start()]);
  nats = await connect({ servers: server.url, inboxPrefix: edgeInbox(edgeId) });
  fakeService(nats, credentials, {
    resolveConnection: async (input) => {
      if (input.connectionId !== connectionId) throw new ServiceError('not_found', 'no such connection');
      return { connectionId, version: 3, headers: { authorization: 'Bearer s3cret-token' }, signingSecrets: [] };
    },
  });
  const agents = new SnapshotPublisher<AgentSnapshot>(nats, AGENT_SNAPSHOT_BUCKET);
  await agents.put(`${organizationId}.${versionId}`, {
    organizationId,
    agentId: newId('agent'),
    agentName: 'support',
    versionId,
    instructions: '',
    turnBudgetMs: 3_000,
    maxDurationMs: 600_000,
    inactivity: { checkInAfterMs: 10_000, maxCheckIns: 2, endAfterMs: 30_000 },
    functions: [
      functionAt('check_order', {}),
      functionAt('book', { effect: 'write.reversible', http: { method: 'POST', url: `${provider.url}/bookings` } }),
      functionAt('quick_book', { effect: 'write.reversible', timeoutMs: 200, http: { method: 'POST', url: `${provider.url}/bookings` } }),
      functionAt('quick_check', { timeoutMs: 200 }),
      functionAt('unconnected', { connectionId: newId('connection') }),
      functionAt('elsewhere', { http: { method: 'GET', url: 'http://169.254.169.254/latest/{orderId}' } }),
      functionAt('nobody_there', { effect: 'write.reversible', http: { method: 'POST', url: 'http://127.0.0.1:1/' } }),
    ],
  });
  sessions = new SnapshotPublisher<SessionSnapshot>(nats, SESSION_BUCKET);
  await sessions.ensure();
  const env = loadEnv('runner', Env, {
    NATS_URL: server.url,
    DATABASE_URL: database.url,
    RUNNER_PORT: '0',
    LOG_LEVEL: 'silent',
    EGRESS_ALLOW_NETWORKS: '127.0.0.0/8',
    EGRESS_ALLOW_HTTP: 'true',
  });
  service = await startService(define(env));
});

afterAll(async () => {
  await service.stop();
  await nats.drain();
  await Promise.all([server.stop(), provider.stop(), database.drop()]);
});

beforeEach(async () => {
  provider.received.length = 0;
  sessionId = await startSession('live');
});

async function startSession(state: 'live' | 'ended'): Promise<string> {
  const id = newId('session');
  await sessions.put(`${organizationId}.${id}`, { organizationId, sessionId: id, edgeId, versionId, state });
  return id;
}

async function ask<T = Outcome>(operation: string, body: unknown, options: { deadlineMs?: number; edge?: string } = {}): Promise<T> {
  const marks = headers();
  marks.set('traceparent', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01');
  if (options.deadlineMs) marks.set('patchbay-deadline-ms', String(options.deadlineMs));
  const data = typeof body === 'string' ? body : JSON.stringify(body);
  const reply = await nats.request(edgeSubject(organizationId, options.edge ?? edgeId, operation), data, { timeout: 10_000, headers: marks });
  const error = reply.headers?.get('Nats-Service-Error-Code');
  return { ...(error ? { errorCode: Number(error), errorWord: reply.headers?.get('Nats-Service-Error') } : {}), ...reply.json<object>() } as T;
}

function invoke(name: string, args: Record<string, unknown>, options: { deadlineMs?: number; sessionId?: string } = {}) {
  const call = { sessionId: options.sessionId ?? sessionId, turnId: 'trn_1', toolCallId: 'call_1', function: name, arguments: args };
  return ask('invoke', call, options);
}

async function recorded(id = sessionId) {
  const client = clientFor(nats, runner);
  for (;;) {
    const { invocations } = await client.listInvocations({ organizationId, sessionId: id });
    if (invocations.length > 0 && invocations.every(({ status }) => status !== 'running')) return invocations;
  }
}

describe('a read', () => {
  it('succeeds with what the provider said, and with the sentences meant for the agent', async () => {
    provider.script({ body: { status: 'shipped', say: 'It arrives tomorrow.', hint: 'Offer to track it.' } });

    const outcome = await invoke('check_order', { orderId: '12345' });

    expect(outcome).toMatchObject({
      status: 'succeeded',
      result: { status: 'shipped' },
      say: 'It arrives tomorrow.',
      hint: 'Offer to track it.',
      replayed: false,
      attempts: 1,
      traceId: '0af7651916cd43dd8448eb211c80319c',
    });
    expect(outcome.invocationId).toMatch(/^inv_[a-z0-9]+$/);
    expect(provider.received).toMatchObject([
      { method: 'GET', path: '/orders/12345', headers: { authorization: 'Bearer s3cret-token' } },
    ]);
  });

  it('leaves evidence of its attempt, without the secret', async () => {
    provider.script({ body: { status: 'shipped' } });

    const { invocationId } = await invoke('check_order', { orderId: '12345', count: 2 });

    const invocations = await recorded();
    expect(invocations).toMatchObject([
      {
        invocationId,
        sessionId,
        function: 'check_order',
        status: 'succeeded',
        arguments: { orderId: '12345', count: 2 },
        attempts: [{ attempt: 1, method: 'GET', url: `${provider.url}/orders/12345`, status: 200, connectionVersion: 3 }],
      },
    ]);
    expect(JSON.stringify(invocations)).not.toContain('s3cret-token');
  });

  it.each([
    [404, 'not_found'],
    [401, 'credential_invalid'],
    [422, 'provider_rejected'],
    [500, 'provider_error'],
  ])('fails when the provider answers %i: %s', async (status, code) => {
    provider.script({ status, body: { error: 'at Foo.bar (stack.js:1)' } });

    const outcome = await invoke('check_order', { orderId: '1' });

    expect(outcome).toMatchObject({ status: 'failed', error: { code } });
    expect(outcome.error?.message).not.toContain('stack.js');
  });

  it('is throttled with the time to wait when the provider answers 429', async () => {
    provider.script({ status: 429, headers: { 'retry-after': '2' } });

    expect(await invoke('check_order', { orderId: '1' })).toMatchObject({ status: 'failed', error: { code: 'throttled', retryAfterMs: 2000 } });
  });

  it('fails with timeout when the provider is slower than the function allows', async () => {
    provider.script({ delayMs: 1_000 });

    expect(await invoke('quick_check', { orderId: '1' })).toMatchObject({ status: 'failed', error: { code: 'timeout' } });
  });

  it('answers inside the deadline that the edge gave', async () => {
    provider.script({ delayMs: 5_000 });

    const outcome = await invoke('check_order', { orderId: '1' }, { deadlineMs: 400 });

    expect(outcome).toMatchObject({ status: 'failed', error: { code: 'timeout' } });
    expect(outcome.durationMs).toBeLessThan(500);
  });

  it('fails when the answer is not the JSON it claims to be', async () => {
    provider.script({ body: '{"half":' });

    expect(await invoke('check_order', { orderId: '1' })).toMatchObject({ status: 'failed', error: { code: 'provider_unreadable' } });
  });
});

describe('a write', () => {
  it('is settled in the database before its outcome is told', async () => {
    provider.script({ body: { booking: 'B1' } });

    const { invocationId } = await invoke('book', { orderId: '7' });

    expect(await ask('invocation.get', { invocationId })).toMatchObject({ invocationId, status: 'succeeded', result: { booking: 'B1' }, attempts: 1 });
    expect(provider.received).toMatchObject([
      { method: 'POST', path: '/bookings', body: '{"orderId":"7"}', headers: { 'idempotency-key': invocationId } },
    ]);
  });

  it.each([
    ['no answer in time', { delayMs: 1_000 }],
    ['a connection cut before the answer', { cut: 'before' as const }],
    ['a connection cut inside the answer', { cut: 'inside' as const, body: { booking: 'B1' } }],
    ['a server error', { status: 502 }],
  ])('is unknown after %s, never failed', async (_name, reply) => {
    provider.script(reply);

    expect(await invoke('quick_book', { orderId: '7' })).toMatchObject({ status: 'unknown', error: { code: 'unknown_outcome' }, attempts: 1 });
  });

  it('keeps its evidence when an argument holds what PostgreSQL cannot store, and that of its neighbours', async () => {
    const [odd] = await Promise.all([invoke('book', { orderId: 'a\u0000b\ud800' }), invoke('book', { orderId: 'plain' })]);

    const stored = await recorded();
    expect(odd.status).toBe('succeeded');
    expect(stored.map(({ arguments: { orderId } }) => orderId).sort()).toEqual(['a\ufffdb\ufffd', 'plain']);
  });

  it('fails when it is certain that nothing was sent', async () => {
    expect(await invoke('nobody_there', { orderId: '7' })).toMatchObject({ status: 'failed', error: { code: 'connect_failed' } });
  });
});

describe('what is refused before anything is sent', () => {
  it('names every wrong argument', async () => {
    const outcome = await invoke('check_order', { count: 'two', colour: 'red' });

    expect(outcome).toMatchObject({ status: 'rejected', error: { code: 'invalid_arguments' }, attempts: 0 });
    expect(outcome.error?.fields?.map(({ path }) => path).sort()).toEqual(['colour', 'count', 'orderId']);
    expect(provider.received).toEqual([]);
  });

  it('names the argument that would leave its place in the path', async () => {
    expect(await invoke('check_order', { orderId: '..' })).toMatchObject({
      status: 'rejected',
      error: { code: 'invalid_arguments', fields: [{ path: 'orderId' }] },
    });
  });

  it('lists the functions there are when the name is unknown', async () => {
    const outcome = await invoke('cancel_order', {});

    expect(outcome).toMatchObject({ status: 'rejected', error: { code: 'unknown_function', fields: [{ path: 'function' }] } });
    expect(outcome.error?.fields?.[0]?.problem).toContain('check_order');
  });

  it('says that the session has ended', async () => {
    const ended = await startSession('ended');

    expect(await invoke('check_order', { orderId: '1' }, { sessionId: ended })).toMatchObject({
      status: 'rejected',
      error: { code: 'session_ended', fields: [{ path: 'sessionId' }] },
    });
  });

  it('says that the account is not connected', async () => {
    expect(await invoke('unconnected', { orderId: '1' })).toMatchObject({ status: 'rejected', error: { code: 'connection_missing' } });
  });

  it('does not call an address inside the network', async () => {
    expect(await invoke('elsewhere', { orderId: '1' })).toMatchObject({ status: 'rejected', error: { code: 'egress_blocked' } });
  });
});

describe('a request that gets no outcome', () => {
  it('is answered session_not_found for a session of another edge', async () => {
    const other = newId('session');
    await sessions.put(`${organizationId}.${other}`, { organizationId, sessionId: other, edgeId: 'edge_other', versionId, state: 'live' });

    expect(await invoke('check_order', { orderId: '1' }, { sessionId: other })).toMatchObject({
      errorCode: 404,
      errorWord: 'session_not_found',
      details: { fields: [{ path: 'sessionId' }] },
    });
  });

  it('is answered with the standard error headers when the body is not JSON', async () => {
    expect(await ask('invoke', '{"sessionId":')).toMatchObject({ errorCode: 400, errorWord: 'invalid_arguments', code: 'invalid_arguments' });
  });

  it('names the fields that are missing', async () => {
    const reply = await ask<{ details: { fields: { path: string }[] } }>('invoke', { sessionId });

    expect(reply.details.fields.map(({ path }) => path)).toEqual(['turnId', 'toolCallId', 'function', 'arguments']);
  });

  it('is answered payload_too_large above 256 KiB, up to the 2 MB a client may try', async () => {
    const body = { sessionId, turnId: 't', toolCallId: 'c', function: 'check_order', arguments: { orderId: 'x'.repeat(2_000_000) } };

    expect(await ask('invoke', body)).toMatchObject({ errorCode: 413, errorWord: 'payload_too_large' });
  });

  it('is never answered at the inbox of another edge', async () => {
    const victim = nats.subscribe('_INBOX_edge_victim.>', { max: 1 });
    const call = { sessionId, turnId: 't', toolCallId: 'c', function: 'check_order', arguments: { orderId: '1' } };
    nats.publish(edgeSubject(organizationId, edgeId, 'invoke'), JSON.stringify(call), { reply: createInbox('_INBOX_edge_victim') });
    await invoke('check_order', { orderId: '2' });

    expect(victim.getReceived()).toBe(0);
    expect(provider.received).toHaveLength(1);
    victim.unsubscribe();
  });
});

describe('invocation.cancel', () => {
  it('gives up a read under way', async () => {
    provider.script({ delayMs: 60_000 });
    const running = invoke('check_order', { orderId: '1' }, { deadlineMs: 20_000 });
    while (provider.received.length === 0) await nats.flush();
    const settling = await clientFor(nats, runner).countSettling({ organizationId, sessionId });
    // The edge learns the id from the outcome; another runner instance or the timeline may know it earlier.
    const started = [...service.app.get(RunningInvocations).ids()].at(-1);

    const cancelled = await ask('invocation.cancel', { invocationId: started, reason: 'barge-in' });

    expect(settling).toEqual({ settling: 1 });
    expect(cancelled).toMatchObject({ invocationId: started, status: 'cancelled' });
    expect(await running).toMatchObject({ invocationId: started, status: 'cancelled', error: { code: 'cancelled' } });
  });

  it('is refused for an invocation of another edge', async () => {
    const { invocationId } = await invoke('book', { orderId: '7' });

    nats.subscribe('_INBOX_edge_two.>', { max: 1, callback: () => undefined });
    const foreign = await nats.request(edgeSubject(organizationId, 'edge_two', 'invocation.get'), JSON.stringify({ invocationId }), {
      timeout: 5_000,
      noMux: true,
      reply: createInbox('_INBOX_edge_two'),
    });

    expect(foreign.json()).toMatchObject({ code: 'not_found', details: { fields: [{ path: 'invocationId' }] } });
  });
});
