import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startNats, type TestNats } from '@patchbay/testing/nats-server';
import { call, edgeId, invoke, organizationId, outcome, started, utterance } from '../testing/messages.ts';
import { ScriptedPlatform } from '../testing/scripted-platform.ts';
import { connectEdge } from './connect-edge.ts';
import type { Edge } from './edge.ts';
import type { Session } from './session.ts';

let server: TestNats;
let platform: ScriptedPlatform;
let edge: Edge;
let session: Session;

beforeAll(async () => {
  server = await startNats();
  platform = await ScriptedPlatform.connect(server.url);
  await platform.answer('session.start', () => ({ body: started }));
  await platform.answer('turn', ({ body }) => ({ body: { turnId: body['turnId'], unbackedClaims: [] } }));
  await platform.answer('invoke', () => ({ body: outcome }));
  await platform.answer('invocation.get', () => ({ body: { ...outcome, status: 'pending' } }));
  await platform.answer('invocation.cancel', () => ({ body: { ...outcome, status: 'cancelled', attempts: 0 } }));
  await platform.answer('directive.report', () => ({ body: outcome }));
  await platform.answer('heard', () => ({ body: {} }));
  await platform.answer('session.end', () => ({ body: { settling: 2 } }));
  edge = await connectEdge({ natsUrl: server.url, organizationId, edgeId });
});

beforeEach(async () => {
  session = await edge.startSession(call);
  platform.received.length = 0;
});

afterAll(async () => {
  await edge.close();
  await platform.stop();
  await server.stop();
});

const last = () => platform.received.at(-1);
const subject = (operation: string) => `edge.v1.${organizationId}.${edgeId}.${operation}`;

describe('every operation of the edge contract', () => {
  it('starts a session and holds what was answered', async () => {
    const begun = await edge.startSession(call);

    expect(last()).toMatchObject({ subject: subject('session.start'), body: call });
    expect({ ...begun, functions: begun.functions, unavailable: begun.unavailable }).toMatchObject(started);
  });

  it('reports a turn', async () => {
    const reply = await session.turn({
      ...utterance(0, 'Where is order 12345?'),
      turnId: 'trn_1',
      interrupted: true,
      timings: { sttMs: 90 },
    });

    expect(reply).toEqual({ turnId: 'trn_1', unbackedClaims: [] });
    expect(last()?.subject).toBe(subject('turn'));
    expect(last()?.body).toEqual({
      sessionId: started.sessionId,
      turnId: 'trn_1',
      index: 0,
      role: 'caller',
      text: 'Where is order 12345?',
      startedAt: '2026-01-01T12:00:00.000Z',
      endedAt: '2026-01-01T12:00:01.000Z',
      interrupted: true,
      timings: { sttMs: 90 },
    });
  });

  it('invokes a function and returns its outcome', async () => {
    expect(await session.invoke({ ...invoke, idempotencyKey: 'once' })).toEqual(outcome);
    expect(last()).toMatchObject({ subject: subject('invoke') });
    expect(last()?.body).toEqual({ sessionId: started.sessionId, ...invoke, idempotencyKey: 'once' });
  });

  it('asks for an invocation', async () => {
    expect(await edge.getInvocation('inv_1')).toMatchObject({ status: 'pending' });
    expect(last()).toMatchObject({ subject: subject('invocation.get'), body: { invocationId: 'inv_1' } });
  });

  it('cancels an invocation', async () => {
    expect(await edge.cancelInvocation('inv_1', 'barge-in')).toMatchObject({ status: 'cancelled', attempts: 0 });
    expect(last()).toMatchObject({
      subject: subject('invocation.cancel'),
      body: { invocationId: 'inv_1', reason: 'barge-in' },
    });
  });

  it('cancels what a tool call asked for, whose invocation id it does not know', async () => {
    expect(await session.cancel({ toolCallId: 'call_1', reason: 'barge-in' })).toMatchObject({ status: 'cancelled' });
    expect(last()?.subject).toBe(subject('invocation.cancel'));
    expect(last()?.body).toEqual({ sessionId: started.sessionId, toolCallId: 'call_1', reason: 'barge-in' });
  });

  it('reports what became of a directive and returns the settled outcome', async () => {
    const report = { invocationId: 'inv_1', status: 'failed', detail: 'Nobody answered.' } as const;

    expect(await session.reportDirective({ ...report, turnId: 'trn_1' })).toEqual(outcome);
    expect(last()?.subject).toBe(subject('directive.report'));
    expect(last()?.body).toEqual({ sessionId: started.sessionId, ...report });
  });

  it('tells what the caller heard', async () => {
    await session.heard({ turnId: 'trn_2', invocationId: 'inv_1', heard: 'partly' });

    expect(last()?.subject).toBe(subject('heard'));
    expect(last()?.body).toEqual({
      sessionId: started.sessionId,
      turnId: 'trn_2',
      invocationId: 'inv_1',
      heard: 'partly',
    });
  });

  it('ends a session', async () => {
    expect(await session.end({ reason: 'caller_hung_up', endedAt: new Date(Date.UTC(2026, 0, 1)) })).toEqual({
      settling: 2,
    });
    expect(last()?.subject).toBe(subject('session.end'));
    expect(last()?.body).toEqual({
      sessionId: started.sessionId,
      reason: 'caller_hung_up',
      endedAt: '2026-01-01T00:00:00.000Z',
    });
  });

  it('is answered at the inbox of this edge', async () => {
    await edge.getInvocation('inv_1');

    expect(last()?.replySubject).toMatch(new RegExp(`^_INBOX_${edgeId}\\.`));
  });
});

describe('turns', () => {
  it('get an id that sorts and the next place in the call', async () => {
    await session.turn(utterance(0, 'Hello?'));
    await session.turn(utterance(1, 'Hello!', 'agent'));

    const [first, second] = platform.received.map(({ body }) => body);
    expect(first).toMatchObject({ index: 0, turnId: expect.stringMatching(/^trn_[0-9a-f]{12}7[0-9a-f]{19}$/) });
    expect(second).toMatchObject({ index: 1, turnId: expect.stringMatching(/^trn_/) });
    expect(second?.['turnId']).not.toBe(first?.['turnId']);
  });

  it('keep their place when they are reported again', async () => {
    await session.turn({ ...utterance(0, 'Hello?'), turnId: 'trn_1' });
    await session.turn({ ...utterance(0, 'Hello?'), turnId: 'trn_1' });
    await session.turn(utterance(1, 'Hello!', 'agent'));

    expect(platform.received.map(({ body }) => body['index'])).toEqual([0, 0, 1]);
  });

  it('take the place the edge gives them', async () => {
    await session.turn({ ...utterance(0, 'Hello?'), index: 7 });

    expect(last()?.body['index']).toBe(7);
  });
});

describe('the deadline', () => {
  it('of an invocation is the turn budget of the agent unless given', async () => {
    await session.invoke(invoke);
    await session.invoke({ ...invoke, deadlineMs: 900 });

    const [budget = 0, given = 0] = platform.received.map(({ headers }) => Number(headers['patchbay-deadline-ms']));
    expect(budget).toBeLessThanOrEqual(started.turnBudgetMs);
    expect(budget).toBeGreaterThan(900);
    expect(given).toBeLessThanOrEqual(900);
    expect(last()?.body).not.toHaveProperty('deadlineMs');
  });

  it('travels with every request', async () => {
    await session.turn(utterance(0, 'Hello?'));
    await session.end({ reason: 'done' });

    for (const { headers } of platform.received) expect(headers['patchbay-deadline-ms']).toMatch(/^[1-9][0-9]*$/);
  });
});
