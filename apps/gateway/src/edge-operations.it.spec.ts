import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Msg } from '@nats-io/transport-node';
import type { Edge } from '@patchbay/contracts/access';
import { credentials } from '@patchbay/contracts/credentials';
import { ServiceError } from '@patchbay/contracts/errors';
import { newId } from '@patchbay/service-kit/identity/new-id';
import { fakeService } from '@patchbay/testing/fake-service';
import { refuse, runGateway, type RunningGateway } from '../testing/running-gateway.ts';

let gateway: RunningGateway;
const edges = new Map<string, Edge>();
const edgeId = newEdge();
/** Of this one nothing is said until the end of the tests. */
const silent = newEdge();
let release = (): void => undefined;
const held = new Promise<void>((resolve) => {
  release = resolve;
});

beforeAll(async () => {
  gateway = await runGateway();
  fakeService(gateway.nats, credentials, {
    getEdge: async (asked) => {
      const edge = edges.get(asked.edgeId);
      if (asked.edgeId === silent) await held;
      if (!edge || asked.organizationId !== gateway.organizationId) throw new ServiceError('not_found', 'no such edge');
      return edge;
    },
    revokeEdge: async (asked) => {
      const edge = { ...edges.get(asked.edgeId)!, revokedAt: new Date().toISOString() };
      edges.set(asked.edgeId, edge);
      return edge;
    },
  });
  await gateway.nats.flush();
});

afterAll(async () => {
  release();
  await gateway.stop();
});

function newEdge(state: Partial<Edge> = {}): string {
  const id = newId('edge');
  edges.set(id, {
    edgeId: id,
    name: 'edge',
    createdAt: '2026-01-01T00:00:00.000Z',
    expiresAt: null,
    revokedAt: null,
    ...state,
  });
  return id;
}

/** The platform's answer to one operation of an edge; what it was sent comes back. */
async function answersOnce(edge: string, operation: string, answer: (message: Msg) => void): Promise<Msg[]> {
  const received: Msg[] = [];
  gateway.nats.subscribe(`edge.v1.${gateway.organizationId}.${edge}.${operation}`, {
    max: 1,
    callback: (_error, message) => {
      received.push(message);
      answer(message);
    },
  });
  await gateway.nats.flush();
  return received;
}

const succeed = (message: Msg) => void message.respond(JSON.stringify({ status: 'succeeded' }));
const operate = (edge: string, operation: string, body: unknown = {}, headers: Record<string, string> = {}) =>
  gateway.http('POST', `/v1/edges/${edge}/${operation}`, { body, headers });

describe('the edge contract over HTTP', () => {
  it('is passed on at the subject of the edge, and answered at its inbox only', async () => {
    const received = await answersOnce(edgeId, 'invoke', succeed);

    const answer = await operate(edgeId, 'invoke', { function: 'check' }, { 'patchbay-deadline-ms': '1500' });

    expect(answer).toEqual({ status: 200, body: { status: 'succeeded' } });
    expect(received[0]?.json()).toEqual({ function: 'check' });
    expect(Number(received[0]?.headers?.get('patchbay-deadline-ms'))).toBeLessThanOrEqual(1500);
    expect(received[0]?.reply?.startsWith(`_INBOX_${edgeId}.`)).toBe(true);
  });

  it.each([
    ['directive.report', { sessionId: 'ses_1', invocationId: 'inv_1', status: 'done' }],
    ['invocation.cancel', { sessionId: 'ses_1', toolCallId: 'call_1', reason: 'barge-in' }],
  ])('knows %s', async (operation, body) => {
    const received = await answersOnce(edgeId, operation, succeed);

    expect(await operate(edgeId, operation, body)).toEqual({ status: 200, body: { status: 'succeeded' } });
    expect(received.map((message) => message.json<unknown>())).toEqual([body]);
  });

  it('passes typed errors on', async () => {
    await answersOnce(edgeId, 'turn', (message) => refuse(message, new ServiceError('session_not_found', 'There is no session ses_0.')));

    expect(await operate(edgeId, 'turn')).toMatchObject({ status: 404, body: { code: 'session_not_found' } });
  });

  it.each([
    ['edgeId', '/v1/edges/edge_a.b/invoke'],
    ['edgeId', '/v1/edges/*/invoke'],
    ['operation', `/v1/edges/${edgeId}/session.pause`],
  ])('names the wrong part of the path: %s', async (path, route) => {
    expect(await gateway.http('POST', route, { body: {} })).toMatchObject({
      status: 400,
      body: { code: 'invalid_arguments', details: { fields: [{ path }] } },
    });
  });
});

describe('an edge over HTTP', () => {
  it.each([
    ['expired', newEdge({ expiresAt: '2026-01-02T00:00:00.000Z' }), 'expired at 2026-01-02T00:00:00.000Z; renew it'],
    ['was revoked', newEdge({ revokedAt: '2026-01-03T00:00:00.000Z' }), 'was revoked at 2026-01-03T00:00:00.000Z; make a new edge'],
    ['nobody made', newId('edge'), 'does not act for this organization'],
  ])('that %s is turned away before anything is passed on', async (_state, edge, problem) => {
    const received = await answersOnce(edge, 'turn', succeed);

    expect(await operate(edge, 'turn')).toMatchObject({
      status: 403,
      body: { code: 'forbidden', details: { fields: [{ path: 'edgeId', problem }] } },
    });
    expect(received).toEqual([]);
  });

  it('that is valid for a while may act until then', async () => {
    const edge = newEdge({ expiresAt: '2100-01-01T00:00:00.000Z' });
    await answersOnce(edge, 'turn', succeed);

    expect(await operate(edge, 'turn')).toMatchObject({ status: 200 });
  });

  it('of which credentials says nothing gets its answer by the deadline all the same', async () => {
    const answer = await operate(silent, 'turn', {}, { 'patchbay-deadline-ms': '200' });

    expect(answer).toMatchObject({ status: 504, body: { code: 'deadline_exceeded', message: 'The credentials service did not answer in time.' } });
  });

  it('that was just revoked here is turned away at once', async () => {
    const edge = newEdge();
    await answersOnce(edge, 'turn', succeed);
    expect(await operate(edge, 'turn')).toMatchObject({ status: 200 });

    await gateway.http('DELETE', `/v1/edges/${edge}`);

    expect(await operate(edge, 'turn')).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  });
});
