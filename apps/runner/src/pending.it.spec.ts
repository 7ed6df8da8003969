import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { callEventSubject, type CallEvent } from '@patchbay/contracts/edge';
import type { Outcome } from '@patchbay/contracts/outcome';
import { runner } from '@patchbay/contracts/runner';
import { newId } from '@patchbay/service-kit/identity/new-id';
import { clientFor } from '@patchbay/service-kit/messaging/client';
import { setTimeout as delay } from 'node:timers/promises';
import { RunningRunner } from '../testing/running-runner.ts';

let running: RunningRunner;
/** What the provider says of what it has started. */
let state: 'working' | 'done' | 'failed';

beforeAll(async () => {
  running = await RunningRunner.start();
});

afterAll(() => running.stop());

beforeEach(async () => {
  running.provider.received.length = 0;
  state = 'working';
  running.provider.otherwise(({ method }) => ({ body: method === 'POST' ? { job: 'J1' } : { state, number: 7 } }));
  running.sessionId = await running.startSession('live');
});

/** Nothing of one test goes on in the next. */
afterEach(async () => {
  state = 'done';
  await running.recorded();
});

/** Every outcome that the edge is told as an event, in order. */
function results(): { next: () => Promise<Outcome> } {
  const subscription = running.nats.subscribe(callEventSubject(running.organizationId, running.edgeId, running.sessionId, 'result'));
  const told = subscription[Symbol.asyncIterator]();
  return { next: async () => ((await told.next()).value!.json() as CallEvent<'result'>).outcome };
}

async function requests(path: string, count: number): Promise<void> {
  while (running.provider.received.filter((one) => one.path === path).length < count) await delay(10);
}

/** As a runner that was killed leaves it: on record as its own, and its lease is over. */
async function dies(invocationId: string): Promise<string> {
  const runnerId = newId('runner');
  await running.database.query('update pending_invocations set runner_id = $1 where invocation_id = $2', [runnerId, invocationId]);
  await running.database.query('update intents set runner_id = $1 where invocation_id = $2', [runnerId, invocationId]);
  await running.database.query(`insert into runners (runner_id, lease_until) values ($1, now() - interval '1 second')`, [runnerId]);
  return runnerId;
}

/** One more like this that a runner had which is no more; its time with the provider is over. */
async function leftBehind(invocationId: string): Promise<string> {
  const left = newId('invocation');
  await running.database.query(
    `insert into pending_invocations select (jsonb_populate_record(p, jsonb_build_object('invocation_id', $2::text, 'runner_id', $3::text,
       'poll_until', now() - interval '1 hour'))).* from pending_invocations p where invocation_id = $1`,
    [invocationId, left, newId('runner')],
  );
  return left;
}

async function isTakenFrom(runnerId: string): Promise<void> {
  while ((await running.database.query('select from pending_invocations where runner_id = $1', [runnerId])).length > 0) await delay(20);
}

describe('an action that only starts something', () => {
  it('is answered pending, asked about, and finished as an event', async () => {
    const told = results();

    const first = await running.invoke('make_report', { orderId: '7' });
    await requests('/reports/J1', 2);
    state = 'done';

    expect(first.status).toBe('pending');
    expect(await told.next()).toMatchObject({ invocationId: first.invocationId, status: 'succeeded', result: { state: 'done', number: 7 } });
    const [record] = await running.recorded();
    expect(record).toMatchObject({ status: 'succeeded', seal: { intact: true } });
    expect(record!.decisions).toContainEqual(expect.objectContaining({ step: 'poll', decision: 'succeeded' }));
  });

  it('keeps one record of answers in a row that say the same', async () => {
    const told = results();

    await running.invoke('make_report', { orderId: '7' });
    await requests('/reports/J1', 4);
    state = 'done';
    await told.next();

    const [record] = await running.recorded();
    expect(record!.attempts.map(({ kind, responsePreview }) => [kind, responsePreview])).toEqual([
      ['request', '{"job":"J1"}'],
      ['check', '{"state":"working","number":7}'],
      ['check', '{"state":"done","number":7}'],
    ]);
  });

  it.each(['make_report', 'place_order'])('counts once as settling while it is under way, whichever runner is asked (%s)', async (name) => {
    const other = await running.startRunner();
    const { organizationId, sessionId } = running;
    const settling = () => clientFor(running.nats, runner).countSettling({ organizationId, sessionId });
    const told = results();

    await running.invoke(name, { orderId: '7' });
    const during = await Promise.all(Array.from({ length: 8 }, settling));
    state = 'done';
    await told.next();
    await running.recorded();

    expect(during).toEqual(during.map(() => ({ settling: 1 })));
    expect(await settling()).toEqual({ settling: 0 });
    await running.stopRunner(other);
  });

  it('has failed when the provider says so', async () => {
    const told = results();

    await running.invoke('place_order', { orderId: '7' });
    state = 'failed';

    expect(await told.next()).toMatchObject({ status: 'failed', error: { code: 'provider_rejected' } });
  });

  it('is cancelled with a read that nobody wants any more', async () => {
    const told = results();
    const { invocationId } = await running.invoke('make_report', { orderId: '7' });
    await requests('/reports/J1', 1);

    const cancelled = await running.ask('invocation.cancel', { invocationId, reason: 'barge-in' });

    expect([cancelled.status, (await told.next()).status]).toEqual(['cancelled', 'cancelled']);
  });
});

describe('a deploy', () => {
  it('hands what a provider works on to another runner, which tells how it ended', async () => {
    const told = results();
    const first = await running.invoke('place_order', { orderId: '7' });
    await requests('/jobs/J1', 1);

    await running.redeploy();
    const asked = running.provider.received.length;
    await requests('/jobs/J1', asked);
    state = 'done';

    expect(await told.next()).toMatchObject({ invocationId: first.invocationId, status: 'succeeded', result: { number: 7 } });
    const [record] = await running.recorded();
    expect(record).toMatchObject({ status: 'succeeded', intentId: expect.stringMatching(/^int_/), seal: { intact: true } });
    expect(record!.attempts.map(({ kind }) => kind)).toEqual(['request', 'check', 'check']);
    expect(running.provider.received.filter(({ method }) => method === 'POST')).toHaveLength(1);
  });

  it.each(['long_book', 'long_check'])('waits for %s, which goes on behind its reply', async (name) => {
    running.provider.script({ delayMs: 700, body: { number: 7 } });
    const told = results();
    const first = await running.invoke(name, { orderId: '7' });

    await running.redeploy();

    expect(first.status).toBe('pending');
    expect(await told.next()).toMatchObject({ invocationId: first.invocationId, status: 'succeeded' });
    expect(await running.recorded()).toMatchObject([{ status: 'succeeded' }]);
  });
});

describe('a runner that died', () => {
  it('leaves a read as failed, and the edge that was told pending hears of it', async () => {
    running.provider.script({ delayMs: 2_500 });
    const told = results();
    const { invocationId, status } = await running.invoke('long_check', { orderId: '7' });

    await dies(invocationId);

    expect(status).toBe('pending');
    expect(await told.next()).toMatchObject({ invocationId, status: 'failed', error: { code: 'internal' } });
    expect(await running.ask('invocation.get', { invocationId })).toMatchObject({ status: 'failed' });
  });

  it('leaves a write as unknown, and the edge that was told pending hears of it', async () => {
    running.provider.script({ delayMs: 2_500, cut: 'before' });
    const told = results();
    const { invocationId } = await running.invoke('long_book', { orderId: '7' });

    await dies(invocationId);

    expect(await told.next()).toMatchObject({ invocationId, status: 'unknown' });
  });

  it('leaves what a provider works on to another, which does not start it again', async () => {
    const told = results();
    const { invocationId } = await running.invoke('place_order', { orderId: '7' });
    await requests('/jobs/J1', 1);

    const gone = await dies(invocationId);
    await isTakenFrom(gone);
    state = 'done';

    expect(await told.next()).toMatchObject({ invocationId, status: 'succeeded' });
    expect(running.provider.received.filter(({ method }) => method === 'POST')).toHaveLength(1);
  });

  it('leaves nothing unasked that ended while no runner was there', async () => {
    const told = results();
    const { invocationId } = await running.invoke('make_report', { orderId: '7' });
    await requests('/reports/J1', 1);
    const left = await leftBehind(invocationId);
    state = 'done';

    await dies(left);

    const both = [await told.next(), await told.next()];
    expect(both).toContainEqual(expect.objectContaining({ invocationId: left, status: 'succeeded' }));
  });

  it('leaves a write that does not end in time to be verified', async () => {
    const { invocationId } = await running.invoke('verified_order', { orderId: '7' });
    await requests('/jobs/J1', 1);
    const left = await leftBehind(invocationId);
    const told = results();

    await dies(left);

    expect([await told.next(), await told.next()]).toMatchObject([
      { invocationId: left, status: 'unknown' },
      { invocationId: left, status: 'succeeded' },
    ]);
  });

  it('has what was accepted still pending until another has noticed', async () => {
    const { invocationId } = await running.invoke('make_report', { orderId: '7' });
    await requests('/reports/J1', 1);
    const left = await leftBehind(invocationId);

    expect(await running.ask('invocation.get', { invocationId: left })).toMatchObject({ invocationId: left, status: 'pending' });
  });
});
