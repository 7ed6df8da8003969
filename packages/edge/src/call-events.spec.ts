import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startNats, type TestNats } from '@patchbay/testing/nats-server';
import { call, edgeId, organizationId, started } from '../testing/messages.ts';
import { ScriptedPlatform } from '../testing/scripted-platform.ts';
import { connectEdge } from './connect-edge.ts';
import type { Edge } from './edge.ts';
import type { Session } from './session.ts';

let server: TestNats;
let platform: ScriptedPlatform;
let edge: Edge;
let session: Session;
const problems: Error[] = [];
let sessions = 0;

beforeAll(async () => {
  server = await startNats();
  platform = await ScriptedPlatform.connect(server.url);
  await platform.answer('session.start', () => ({ body: { ...started, sessionId: `ses_${++sessions}` } }));
  await platform.answer('session.end', () => ({ body: { settling: 0 } }));
  await platform.answer('invocation.get', () => ({ text: '' }));
  edge = await connectEdge({
    natsUrl: server.url,
    organizationId,
    edgeId,
    onProblem: (problem) => problems.push(problem),
  });
});

beforeEach(async () => {
  session = await edge.startSession(call);
  problems.length = 0;
});

afterAll(async () => {
  await edge.close();
  await platform.stop();
  await server.stop();
});

const subject = (sessionId: string, kind: string) => `call.v1.${organizationId}.${edgeId}.${sessionId}.${kind}`;

async function publish(sessionId: string, kind: string, payload: unknown): Promise<void> {
  await platform.publish(subject(sessionId, kind), typeof payload === 'string' ? payload : JSON.stringify(payload));
}

/** A request's answer comes behind every event that was published before it was asked. */
const allArrived = () => edge.getInvocation('inv_1').catch(() => undefined);

describe('events of a call', () => {
  it.each(['progress', 'result', 'functions', 'directive'] as const)(
    'of the kind %s reach its handler as they were sent',
    async (kind) => {
      const payloads: unknown[] = [];
      session.onEvent(kind, (payload) => void payloads.push(payload));

      await publish(session.sessionId, kind, { say: 'One moment.', later: ['anything'] });
      await allArrived();

      expect(payloads).toEqual([{ say: 'One moment.', later: ['anything'] }]);
    },
  );

  it('of another call or another kind do not', async () => {
    const other = await edge.startSession(call);
    const payloads: unknown[] = [];
    session.onEvent('progress', (payload) => void payloads.push(payload));

    await publish(other.sessionId, 'progress', { say: 'not for us' });
    await publish(session.sessionId, 'result', outcomeOf('inv_1'));
    await publish(session.sessionId, 'progress', { say: 'for us' });
    await allArrived();

    expect(payloads).toEqual([{ say: 'for us' }]);
  });

  it('reach every handler until it is taken off', async () => {
    const heard: string[] = [];
    const off = session.onEvent('progress', () => void heard.push('first'));
    session.onEvent('progress', () => void heard.push('second'));

    await publish(session.sessionId, 'progress', {});
    await allArrived();
    off();
    await publish(session.sessionId, 'progress', {});
    await allArrived();

    expect(heard).toEqual(['first', 'second', 'second']);
  });

  it('end with the session', async () => {
    const payloads: unknown[] = [];
    session.onEvent('result', (payload) => void payloads.push(payload));

    await session.end({ reason: 'done' });
    await publish(session.sessionId, 'result', outcomeOf('inv_1'));
    await allArrived();

    expect(payloads).toEqual([]);
  });

  it('that are not JSON are reported and disturb no other', async () => {
    const payloads: unknown[] = [];
    session.onEvent('progress', (payload) => void payloads.push(payload));

    await publish(session.sessionId, 'progress', '{"say":');
    await publish(session.sessionId, 'progress', { say: 'good' });
    await allArrived();

    expect(payloads).toEqual([{ say: 'good' }]);
    expect(problems).toEqual([
      expect.objectContaining({
        code: 'internal',
        message: expect.stringContaining(subject(session.sessionId, 'progress')),
      }),
    ]);
  });

  it('whose handler fails are reported and disturb no other', async () => {
    const payloads: unknown[] = [];
    session.onEvent('progress', () => {
      throw new Error('thrown');
    });
    session.onEvent('progress', () => Promise.reject(new Error('rejected')));
    session.onEvent('progress', (payload) => void payloads.push(payload));

    await publish(session.sessionId, 'progress', { say: 'good' });
    await allArrived();

    expect(payloads).toEqual([{ say: 'good' }]);
    expect(problems.map(({ message }) => message)).toEqual(['thrown', 'rejected']);
  });
});

function outcomeOf(invocationId: string) {
  return { invocationId, status: 'succeeded' };
}
