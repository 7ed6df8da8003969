import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { jetstream } from '@nats-io/jetstream';
import { connect, headers, type NatsConnection } from '@nats-io/transport-node';
import { AGENT_SNAPSHOT_BUCKET, DEPLOYMENT_BUCKET, type AgentSnapshot, type Deployment } from '@patchbay/contracts/agents';
import { calls, SESSION_BUCKET, SessionSnapshot } from '@patchbay/contracts/calls';
import { credentials } from '@patchbay/contracts/credentials';
import type { ReplyOf } from '@patchbay/contracts/define';
import { edge, edgeInbox, edgeSubject } from '@patchbay/contracts/edge';
import { ServiceError } from '@patchbay/contracts/errors';
import { runner, type InvocationRecord } from '@patchbay/contracts/runner';
import { startService, type RunningService } from '@patchbay/service-kit/bootstrap/start-service';
import { loadEnv } from '@patchbay/service-kit/config/env';
import { newId } from '@patchbay/service-kit/identity/new-id';
import { clientFor } from '@patchbay/service-kit/messaging/client';
import { SnapshotMirror, SnapshotPublisher } from '@patchbay/service-kit/messaging/snapshots';
import { createLogger } from '@patchbay/service-kit/telemetry/logger';
import { fakeService } from '@patchbay/testing/fake-service';
import { startNats, type TestNats } from '@patchbay/testing/nats-server';
import { createTestDatabase, type TestDatabase } from '@patchbay/testing/test-database';
import { Env } from './env.ts';
import { EndOverdueSessions } from './loops/end-overdue-sessions.ts';
import { define } from './service.ts';

const organizationId = newId('organization');
const edgeId = newId('edge');
const agentId = newId('agent');
const versionId = newId('agentVersion');

let server: TestNats;
let database: TestDatabase;
let service: RunningService;
let nats: NatsConnection;
let sessions: SnapshotMirror<typeof SessionSnapshot>;
const invocations: InvocationRecord[] = [];

beforeAll(async () => {
  [server, database] = await Promise.all([startNats(), createTestDatabase()]);
  nats = await connect({ servers: server.url, inboxPrefix: edgeInbox(edgeId) });
  fakeService(nats, credentials, {
    getEdge: async (input) => {
      if (input.organizationId === organizationId && input.edgeId === edgeId) {
        return { edgeId, name: 'edge', createdAt: new Date().toISOString() };
      }
      throw new ServiceError('not_found', 'no such edge');
    },
  });
  fakeService(nats, runner, {
    countSettling: async () => ({ settling: 1 }),
    listInvocations: async ({ sessionId }) => ({ invocations: invocations.filter((one) => one.sessionId === sessionId) }),
  });
  await new SnapshotPublisher<AgentSnapshot>(nats, AGENT_SNAPSHOT_BUCKET).put(`${organizationId}.${versionId}`, {
    organizationId,
    agentId,
    agentName: 'support',
    versionId,
    instructions: 'Be kind.',
    turnBudgetMs: 4_000,
    maxDurationMs: 600_000,
    inactivity: { checkInAfterMs: 10_000, maxCheckIns: 2, endAfterMs: 30_000 },
    functions: [
      {
        functionId: newId('function'),
        name: 'check_order',
        description: 'Looks an order up.',
        parameters: { type: 'object' },
        effect: 'read',
        toolId: newId('tool'),
        toolVersion: 1,
        http: { method: 'GET', url: 'https://example.com/orders' },
        timeoutMs: 1_000,
        connectionId: null,
      },
    ],
  });
  await new SnapshotPublisher<Deployment>(nats, DEPLOYMENT_BUCKET).put(`${organizationId}.${agentId}`, {
    organizationId,
    agentId,
    name: 'support',
    versionId,
  });
  service = await startService(
    define(loadEnv('calls', Env, { NATS_URL: server.url, DATABASE_URL: database.url, CALLS_PORT: '0', LOG_LEVEL: 'silent' })),
  );
  sessions = new SnapshotMirror({ nats, bucket: SESSION_BUCKET, schema: SessionSnapshot, logger: createLogger('test', 'silent') });
  await sessions.start();
});

afterAll(async () => {
  sessions.stop();
  await service.stop();
  await nats.drain();
  await Promise.all([server.stop(), database.drop()]);
});

type Answer<T> = T & { errorCode?: number; errorWord?: string; details?: { fields: { path: string }[] } };

async function ask<T>(operation: string, body: unknown, subject = edgeSubject(organizationId, edgeId, operation)): Promise<Answer<T>> {
  const marks = headers();
  marks.set('traceparent', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01');
  const reply = await nats.request(subject, JSON.stringify(body), { timeout: 10_000, headers: marks });
  const code = reply.headers?.get('Nats-Service-Error-Code');
  return { ...(code ? { errorCode: Number(code), errorWord: reply.headers?.get('Nats-Service-Error') } : {}), ...reply.json<object>() } as Answer<T>;
}

const call = { agent: 'support', channel: 'phone', direction: 'inbound', callerNumber: '+15555550100' };

async function startSession(): Promise<string> {
  const { sessionId } = await ask<ReplyOf<typeof edge.startSession>>('session.start', call);
  return sessionId;
}

function turn(sessionId: string, index: number, role: 'caller' | 'agent', text: string) {
  const at = new Date(Date.UTC(2026, 0, 1, 12, 0, index)).toISOString();
  return { sessionId, turnId: `trn_${index}`, index, role, text, startedAt: at, endedAt: at };
}

const end = (sessionId: string) => ({ sessionId, reason: 'caller_hung_up', endedAt: new Date().toISOString() });

describe('session.start', () => {
  it('answers with the deployed version, its functions and its limits', async () => {
    const started = await ask<ReplyOf<typeof edge.startSession>>('session.start', call);

    expect(started).toMatchObject({
      agentId,
      agentVersion: versionId,
      instructions: 'Be kind.',
      functions: [{ name: 'check_order', description: 'Looks an order up.', effect: 'read', parameters: { type: 'object' } }],
      unavailable: [],
      turnBudgetMs: 4_000,
    });
    expect(started.sessionId).toMatch(/^ses_[a-z0-9]+$/);
  });

  it('takes the agent by id as well', async () => {
    expect(await ask('session.start', { ...call, agent: agentId })).toMatchObject({ agentVersion: versionId });
  });

  it('tells the runners before it answers', async () => {
    const sessionId = await startSession();

    expect(await sessions.find(`${organizationId}.${sessionId}`)).toEqual({ organizationId, sessionId, edgeId, versionId, state: 'live' });
  });

  it.each([
    ['agent', { ...call, agent: 'nobody' }],
    ['version', { ...call, version: 'ver_0' }],
  ])('names the field when there is no such %s', async (path, body) => {
    expect(await ask('session.start', body)).toMatchObject({ errorCode: 404, errorWord: 'not_found', details: { fields: [{ path }] } });
  });

  it('says what it cannot store instead of failing inside', async () => {
    expect(await ask('session.start', { ...call, variables: { note: 'a\u0000' } })).toMatchObject({ errorCode: 400, errorWord: 'invalid_arguments' });
  });

  it('names the wrong fields of a malformed request', async () => {
    const reply = await ask('session.start', { agent: 'support', channel: 'fax' });

    expect(reply).toMatchObject({ errorCode: 400, errorWord: 'invalid_arguments' });
    expect(reply.details?.fields.map(({ path }) => path)).toEqual(['channel', 'direction']);
  });

  it('is forbidden to an edge that does not act for the organization in the subject', async () => {
    const foreign = edgeSubject(newId('organization'), edgeId, 'session.start');

    expect(await ask('session.start', call, foreign)).toMatchObject({ errorCode: 403, errorWord: 'forbidden' });
  });
});

describe('turn', () => {
  it('becomes part of the timeline, with the trace of the turn', async () => {
    const sessionId = await startSession();

    const reply = await ask('turn', turn(sessionId, 0, 'caller', 'Where is order 12345?'));

    const { session, entries } = await clientFor(nats, calls).getTimeline({ organizationId, sessionId });
    expect(reply).toEqual({ turnId: 'trn_0', unbackedClaims: [] });
    expect(session).toMatchObject({ sessionId, state: 'live', turns: 1, agentName: 'support', callerNumber: '+15555550100' });
    expect(entries).toMatchObject([
      { kind: 'turn', role: 'caller', text: 'Where is order 12345?', traceId: '0af7651916cd43dd8448eb211c80319c' },
    ]);
  });

  it('reported again replaces the first report', async () => {
    const sessionId = await startSession();
    await ask('turn', turn(sessionId, 0, 'agent', 'Your order arr'));

    await ask('turn', { ...turn(sessionId, 0, 'agent', 'Your order arrives'), interrupted: true });

    const { entries } = await clientFor(nats, calls).getTimeline({ organizationId, sessionId });
    expect(entries).toMatchObject([{ text: 'Your order arrives', interrupted: true }]);
  });

  it('is kept without the characters that cannot be stored', async () => {
    const sessionId = await startSession();

    await ask('turn', turn(sessionId, 0, 'caller', 'half\u0000 a \ud83d'));

    const { entries } = await clientFor(nats, calls).getTimeline({ organizationId, sessionId });
    expect(entries).toMatchObject([{ text: 'half\ufffd a \ufffd' }]);
  });

  it('of an unknown session is refused', async () => {
    expect(await ask('turn', turn('ses_0', 0, 'caller', 'hello'))).toMatchObject({ errorCode: 404, errorWord: 'session_not_found' });
  });

  it('of an ended session is refused', async () => {
    const sessionId = await startSession();
    await ask('session.end', end(sessionId));

    expect(await ask('turn', turn(sessionId, 0, 'caller', 'hello'))).toMatchObject({
      errorCode: 409,
      errorWord: 'session_ended',
      details: { fields: [{ path: 'sessionId' }] },
    });
  });
});

describe('the timeline', () => {
  it('shows an invocation after its turn, and how much of it was heard', async () => {
    const sessionId = await startSession();
    await ask('turn', turn(sessionId, 0, 'caller', 'Where is my order?'));
    await ask('turn', turn(sessionId, 1, 'agent', 'It arrives tomorrow.'));
    const invocationId = newId('invocation');
    invocations.push({
      invocationId,
      sessionId,
      turnId: 'trn_0',
      toolCallId: 'call_1',
      function: 'check_order',
      effect: 'read',
      arguments: {},
      status: 'succeeded',
      receivedAt: new Date().toISOString(),
      durationMs: 12,
      traceId: '0af7651916cd43dd8448eb211c80319c',
      attempts: [],
    });

    expect(await ask('heard', { sessionId, turnId: 'trn_1', invocationId, heard: 'full' })).toEqual({});

    const { entries } = await clientFor(nats, calls).getTimeline({ organizationId, sessionId });
    expect(entries.map((entry) => (entry.kind === 'turn' ? entry.turnId : entry.heard))).toEqual(['trn_0', 'full', 'trn_1']);
  });

  it('is not found with the key of another organization', async () => {
    const sessionId = await startSession();

    await expect(clientFor(nats, calls).getTimeline({ organizationId: newId('organization'), sessionId })).rejects.toMatchObject({
      code: 'session_not_found',
    });
  });
});

describe('session.end', () => {
  it('answers how much is still being settled, tells the runners, and announces the end once', async () => {
    const sessionId = await startSession();

    expect(await ask('session.end', end(sessionId))).toEqual({ settling: 1 });
    expect(await ask('session.end', end(sessionId))).toEqual({ settling: 1 });

    expect(sessions.get(`${organizationId}.${sessionId}`)).toMatchObject({ state: 'ended' });
    const announced = await announcedEnds(sessionId);
    expect(announced).toMatchObject([{ organizationId, payload: { sessionId, state: 'ended', endReason: 'caller_hung_up' } }]);
  });

  it('comes by itself when a call outlasts the longest duration of its agent', async () => {
    const sessionId = await startSession();

    await service.app.get(EndOverdueSessions).tick(new Date(Date.now() + 700_000));

    const { session } = await clientFor(nats, calls).getTimeline({ organizationId, sessionId });
    expect(session).toMatchObject({ state: 'ended', endReason: 'max_duration' });
  });
});

/** Reads the stream up to a marker that is published after the events in question. */
async function announcedEnds(sessionId: string): Promise<unknown[]> {
  const consumer = await jetstream(nats).consumers.get('events_calls');
  const found: { payload: { sessionId: string } }[] = [];
  while (found.length === 0) {
    const messages = await consumer.fetch({ max_messages: 100, expires: 1_000 });
    for await (const message of messages) {
      const envelope = message.json<{ payload: { sessionId: string } }>();
      if (envelope.payload.sessionId === sessionId) found.push(envelope);
    }
  }
  return found;
}

describe('a subject that no operation answers', () => {
  it.each([
    ['a dot inside the edge', () => `edge.v1.${organizationId}.${edgeId}.x.invoke`],
    ['two dots inside the edge', () => `edge.v1.${organizationId}.${edgeId}.x.y.session.start`],
    ['no operation', () => `edge.v1.${organizationId}.${edgeId}`],
  ])('is answered not_found: %s', async (_name, subject) => {
    expect(await ask('', {}, subject())).toMatchObject({ errorCode: 404, errorWord: 'not_found', details: { fields: [{ path: 'subject' }] } });
  });

  it.each(['session.pause', 'invoke'])('has no responders at once when nobody answers %s', async (operation) => {
    await expect(ask(operation, {})).rejects.toMatchObject({ message: expect.stringContaining('no responders') });
  });

  it('is answered invalid_arguments when a token is no id', async () => {
    const reply = await nats.request(`edge.v1.ORG-1.${edgeId}.turn`, '{}', { timeout: 5_000 });

    expect(reply.json()).toMatchObject({ code: 'invalid_arguments', details: { fields: [{ path: 'subject' }] } });
  });
});

describe('listSessions', () => {
  it('pages from the newest to the oldest', async () => {
    const [first, second, third] = [await startSession(), await startSession(), await startSession()];
    const client = clientFor(nats, calls);

    const page = await client.listSessions({ organizationId, limit: 2 });
    const rest = await client.listSessions({ organizationId, limit: 1, before: second });

    expect(page.sessions.map(({ sessionId }) => sessionId)).toEqual([third, second]);
    expect(rest.sessions.map(({ sessionId }) => sessionId)).toEqual([first]);
  });
});
