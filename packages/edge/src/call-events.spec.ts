import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ServiceError } from '@patchbay/contracts/errors';
import { startNats, type TestNats } from '@patchbay/testing/nats-server';
import { about, call, edgeId, organizationId, outcome, started } from '../testing/messages.ts';
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

const progress = (sessionId: string, say: string) => ({ sessionId, ...about, say });
const menu = {
  functions: [{ name: 'refund', description: 'Pays back.', parameters: { type: 'object' }, effect: 'write.irreversible', speculative: false }],
  unavailable: [{ name: 'check_order', reason: 'breaker_open', say: 'I cannot look orders up just now.' }],
};
const directive = { action: 'send_dtmf', digits: '1w2#' };

describe('events of a call', () => {
  it.each([
    ['progress', { ...about, say: 'One moment.' }],
    ['result', { ...about, outcome }],
    ['functions', menu],
    ['directive', { ...about, directive }],
  ] as const)('of the kind %s reach its handler', async (kind, body) => {
    const { sessionId } = session;
    const events: unknown[] = [];
    session.on(kind, (event) => void events.push(event));

    await publish(sessionId, kind, { sessionId, ...body });
    await allArrived();

    expect(events).toEqual([{ sessionId, ...body }]);
    expect(problems).toEqual([]);
  });

  it('have the type of their kind', async () => {
    const { sessionId } = session;
    const said: string[] = [];
    session.on('progress', ({ say }) => void said.push(say));
    session.on('result', ({ outcome: { status } }) => void said.push(status));
    session.on('directive', (event) => void said.push(event.directive.action));

    await publish(sessionId, 'progress', progress(sessionId, 'One moment.'));
    await publish(sessionId, 'result', { sessionId, ...about, outcome });
    await publish(sessionId, 'directive', { sessionId, ...about, directive });
    await allArrived();

    expect(said).toEqual(['One moment.', 'succeeded', 'send_dtmf']);
  });

  it('of another call or another kind do not', async () => {
    const other = await edge.startSession(call);
    const heard: string[] = [];
    session.on('progress', ({ say }) => void heard.push(say));

    await publish(other.sessionId, 'progress', progress(other.sessionId, 'not for us'));
    await publish(session.sessionId, 'result', { sessionId: session.sessionId, ...about, outcome });
    await publish(session.sessionId, 'progress', progress(session.sessionId, 'for us'));
    await allArrived();

    expect(heard).toEqual(['for us']);
  });

  it('reach every handler until it is taken off', async () => {
    const heard: string[] = [];
    const off = session.on('progress', () => void heard.push('first'));
    session.on('progress', () => void heard.push('second'));

    await publish(session.sessionId, 'progress', progress(session.sessionId, 'One moment.'));
    await allArrived();
    off();
    await publish(session.sessionId, 'progress', progress(session.sessionId, 'One more.'));
    await allArrived();

    expect(heard).toEqual(['first', 'second', 'second']);
  });

  it('end with the session', async () => {
    const heard: unknown[] = [];
    session.on('progress', (event) => void heard.push(event));

    await session.end({ reason: 'done' });
    await publish(session.sessionId, 'progress', progress(session.sessionId, 'Too late.'));
    await allArrived();

    expect(heard).toEqual([]);
  });
});

describe('a changed menu', () => {
  it('is the menu of the session, and is so when a handler hears of it', async () => {
    const { sessionId } = session;
    const seen: string[][] = [];
    session.on('functions', () => void seen.push(session.functions.map(({ name }) => name)));

    await publish(sessionId, 'functions', { sessionId, ...menu });
    await allArrived();

    expect(session.functions).toEqual(menu.functions);
    expect(session.unavailable).toEqual(menu.unavailable);
    expect(seen).toEqual([['refund']]);
  });

  it('that does not fit the contract changes nothing', async () => {
    const { sessionId } = session;

    await publish(sessionId, 'functions', { sessionId, functions: [{ name: 'refund' }], unavailable: [] });
    await allArrived();

    expect(session.functions).toEqual(started.functions);
    expect(problems).toHaveLength(1);
  });
});

describe('events that cannot be handled', () => {
  it.each([
    ['that are not JSON', '{"say":', undefined],
    ['without what the contract names', { sessionId: 'ses_1', say: 'secret words' }, 'invocationId'],
    ['of a session other than the one in their subject', progress('ses_other', 'secret words'), 'sessionId'],
  ])('%s are reported without their content and disturb no other', async (_what, body, path) => {
    const { sessionId } = session;
    const heard: string[] = [];
    session.on('progress', ({ say }) => void heard.push(say));

    await publish(sessionId, 'progress', body);
    await publish(sessionId, 'progress', progress(sessionId, 'good'));
    await allArrived();

    expect(heard).toEqual(['good']);
    expect(problems).toEqual([
      expect.objectContaining({ code: 'internal', message: expect.stringContaining(subject(sessionId, 'progress')) }),
    ]);
    expect((problems[0] as ServiceError).details?.fields?.[0]?.path).toBe(path);
    expect(String(problems[0])).not.toContain('secret words');
  });

  it('because a handler fails are reported and disturb no other', async () => {
    const heard: string[] = [];
    session.on('progress', () => {
      throw new Error('thrown');
    });
    session.on('progress', () => Promise.reject(new Error('rejected')));
    session.on('progress', ({ say }) => void heard.push(say));

    await publish(session.sessionId, 'progress', progress(session.sessionId, 'good'));
    await allArrived();

    expect(heard).toEqual(['good']);
    expect(problems.map(({ message }) => message)).toEqual(['thrown', 'rejected']);
  });
});
