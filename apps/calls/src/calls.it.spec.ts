import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { jetstream } from '@nats-io/jetstream';
import type { ReplyOf } from '@patchbay/contracts/define';
import { edge, edgeSubject } from '@patchbay/contracts/edge';
import { newId } from '@patchbay/service-kit/identity/new-id';
import { aCall, aTurn, RunningCalls } from '../testing/running-calls.ts';
import { EndOverdueSessions } from './loops/end-overdue-sessions.ts';

let running: RunningCalls;

beforeAll(async () => {
  running = await RunningCalls.start();
});

afterAll(async () => {
  await running.stop();
});

afterEach(() => {
  running.runner.unavailable = [];
});

const end = (sessionId: string) => ({ sessionId, reason: 'caller_hung_up', endedAt: new Date().toISOString() });

describe('session.start', () => {
  it('answers with the deployed version, its functions and its limits', async () => {
    const started = await running.ask<ReplyOf<typeof edge.startSession>>('session.start', aCall);

    expect(started).toMatchObject({
      agentId: running.agentId,
      agentVersion: running.versionId,
      instructions: 'Be kind.',
      unavailable: [],
      turnBudgetMs: 4_000,
    });
    expect(started.functions.map(({ name }) => name)).toEqual(['check_order', 'book_slot', 'send_message']);
    expect(started.functions[0]).toEqual({
      name: 'check_order',
      description: 'Looks an order up.',
      effect: 'read',
      parameters: { type: 'object' },
      speculative: true,
      speak: 'One moment.',
    });
    expect(started.functions.map(({ speculative }) => speculative)).toEqual([true, false, false]);
    expect(started.sessionId).toMatch(/^ses_[a-z0-9]+$/);
  });

  it('takes the agent by id as well', async () => {
    expect(await running.ask('session.start', { ...aCall, agent: running.agentId })).toMatchObject({ agentVersion: running.versionId });
  });

  it('tells the runners all they need before it answers', async () => {
    const { organizationId, edgeId, versionId, agentId } = running;
    const sessionId = await running.startSession({ channel: 'web', variables: { plan: 'gold' } });

    expect(await running.sessions.find(`${organizationId}.${sessionId}`)).toEqual({
      organizationId,
      sessionId,
      edgeId,
      versionId,
      state: 'live',
      channel: 'web',
      agentId,
      callerNumber: '+15555550100',
      variables: { plan: 'gold' },
    });
  });

  it('leaves out what the runner would refuse, with a sentence in its place', async () => {
    const bookSlot = { name: 'book_slot', reason: 'breaker_open', say: 'I cannot book right now.' };
    running.runner.unavailable = [bookSlot, { ...bookSlot, name: 'of_another_version' }];

    const started = await running.ask<ReplyOf<typeof edge.startSession>>('session.start', aCall);

    expect(started.functions.map(({ name }) => name)).toEqual(['check_order', 'send_message']);
    expect(started.unavailable).toEqual([bookSlot]);
  });

  it('goes on with the whole menu while the runner is away', async () => {
    running.runner.goAway();

    const started = await running.ask<ReplyOf<typeof edge.startSession>>('session.start', aCall);
    running.runner.comeBack();

    expect(started.unavailable).toEqual([]);
    expect(started.functions).toHaveLength(3);
  });

  it.each([
    ['agent', { ...aCall, agent: 'nobody' }],
    ['version', { ...aCall, version: 'ver_0' }],
  ])('names the field when there is no such %s', async (path, body) => {
    expect(await running.ask('session.start', body)).toMatchObject({ errorCode: 404, errorWord: 'not_found', details: { fields: [{ path }] } });
  });

  it.each([
    ['characters that cannot be stored', { note: 'a\u0000' }],
    ['more than 16 KiB', { note: 'a'.repeat(16 * 1024) }],
  ])('refuses variables with %s instead of failing inside', async (_name, variables) => {
    expect(await running.ask('session.start', { ...aCall, variables })).toMatchObject({ errorCode: 400, errorWord: 'invalid_arguments' });
  });

  it('names the wrong fields of a malformed request', async () => {
    const reply = await running.ask('session.start', { agent: 'support', channel: 'fax' });

    expect(reply).toMatchObject({ errorCode: 400, errorWord: 'invalid_arguments' });
    expect(reply.details?.fields.map(({ path }) => path)).toEqual(['channel', 'direction']);
  });

  it('is forbidden to an edge that does not act for the organization in the subject', async () => {
    const foreign = edgeSubject(newId('organization'), running.edgeId, 'session.start');

    expect(await running.ask('session.start', aCall, foreign)).toMatchObject({ errorCode: 403, errorWord: 'forbidden' });
  });

  it.each([
    ['revoked', { revokedAt: '2026-01-01T00:00:00.000Z' }, /revoked at 2026-01-01.*make a new edge/],
    ['expired', { expiresAt: '2026-01-01T00:00:00.000Z' }, /expired at 2026-01-01.*renew the edge/],
  ])('is forbidden to an edge that is %s, which is told what to do', async (_state, ended, words) => {
    const organizationId = newId('organization');
    running.edgeEndedIn.set(organizationId, ended);
    const ask = () => running.ask<{ message: string }>('session.start', aCall, edgeSubject(organizationId, running.edgeId, 'session.start'));

    for (const reply of [await ask(), await ask()]) {
      expect(reply).toMatchObject({ errorCode: 403, errorWord: 'forbidden' });
      expect(reply.message).toMatch(words);
    }
  });
});

describe('session.end', () => {
  it('answers how much is still being settled, tells the runners, and announces the end once', async () => {
    const sessionId = await running.startSession({ variables: { plan: 'gold' } });

    expect(await running.ask('session.end', end(sessionId))).toEqual({ settling: 1 });
    expect(await running.ask('session.end', end(sessionId))).toEqual({ settling: 1 });

    const told = running.sessions.get(`${running.organizationId}.${sessionId}`);
    expect(told).toMatchObject({ state: 'ended', variables: { plan: 'gold' }, callerNumber: '+15555550100' });
    expect(await announcedEnds(sessionId)).toMatchObject([
      { organizationId: running.organizationId, payload: { sessionId, state: 'ended', endReason: 'caller_hung_up' } },
    ]);
  });

  it('comes by itself when a call outlasts the longest duration of its agent', async () => {
    const sessionId = await running.startSession();

    await running.service.app.get(EndOverdueSessions).tick(new Date(Date.now() + 700_000));

    const { session } = await running.timeline(sessionId);
    expect(session).toMatchObject({ state: 'ended', endReason: 'max_duration' });
  });

  it('is final: a turn is refused from then on', async () => {
    const sessionId = await running.startSession();
    await running.ask('session.end', end(sessionId));

    expect(await running.ask('turn', aTurn(sessionId, 0, 'caller', 'hello'))).toMatchObject({
      errorCode: 409,
      errorWord: 'session_ended',
      details: { fields: [{ path: 'sessionId' }] },
    });
  });
});

/** Reads the stream up to a marker that is published after the events in question. */
async function announcedEnds(sessionId: string): Promise<unknown[]> {
  const consumer = await jetstream(running.nats).consumers.get('events_calls');
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
    ['a dot inside the edge', 'x.invoke'],
    ['two dots inside the edge', 'x.y.session.start'],
  ])('is answered not_found: %s', async (_name, rest) => {
    const subject = edgeSubject(running.organizationId, running.edgeId, rest);

    expect(await running.ask('', {}, subject)).toMatchObject({ errorCode: 404, errorWord: 'not_found', details: { fields: [{ path: 'subject' }] } });
  });

  it('is answered not_found without an operation', async () => {
    const subject = `edge.v1.${running.organizationId}.${running.edgeId}`;

    expect(await running.ask('', {}, subject)).toMatchObject({ errorCode: 404, errorWord: 'not_found' });
  });

  it.each(['session.pause', 'invoke'])('has no responders at once when nobody answers %s', async (operation) => {
    await expect(running.ask(operation, {})).rejects.toMatchObject({ message: expect.stringContaining('no responders') });
  });

  it('is answered invalid_arguments when a token is no id', async () => {
    const reply = await running.nats.request(`edge.v1.ORG-1.${running.edgeId}.turn`, '{}', { timeout: 5_000 });

    expect(reply.json()).toMatchObject({ code: 'invalid_arguments', details: { fields: [{ path: 'subject' }] } });
  });
});

describe('listSessions', () => {
  it('pages from the newest to the oldest', async () => {
    const [first, second, third] = [await running.startSession(), await running.startSession(), await running.startSession()];
    const { organizationId } = running;

    const page = await running.client.listSessions({ organizationId, limit: 2 });
    const rest = await running.client.listSessions({ organizationId, limit: 1, before: second });

    expect(page.sessions.map(({ sessionId }) => sessionId)).toEqual([third, second]);
    expect(rest.sessions.map(({ sessionId }) => sessionId)).toEqual([first]);
  });
});
