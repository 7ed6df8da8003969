import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { callEventSubject, type CallEvent } from '@patchbay/contracts/edge';
import { runner } from '@patchbay/contracts/runner';
import { clientFor } from '@patchbay/service-kit/messaging/client';
import { setTimeout as delay } from 'node:timers/promises';
import { RunningRunner } from '../testing/running-runner.ts';

let running: RunningRunner;

beforeAll(async () => {
  running = await RunningRunner.start();
});

afterAll(() => running.stop());

beforeEach(async () => {
  running.provider.received.length = 0;
  running.provider.otherwise(() => ({ body: { booking: 'B1' } }));
  running.sessionId = await running.startSession('live');
});

/** The next event of a kind in this session. */
function nextEvent<K extends 'result' | 'progress'>(kind: K): Promise<CallEvent<K>> {
  return new Promise((resolve) => {
    running.nats.subscribe(callEventSubject(running.organizationId, running.edgeId, running.sessionId, kind), {
      max: 1,
      callback: (_error, message) => resolve(message.json<CallEvent<K>>()),
    });
  });
}

describe('a write of which nothing is known', () => {
  it('is verified while the turn lasts, and then known', async () => {
    running.provider.otherwise(({ method }) => (method === 'GET' ? { body: { id: 'B1' } } : { cut: 'before' }));

    expect(await running.invoke('verified_book', { orderId: '7' })).toMatchObject({ status: 'succeeded', attempts: 2 });
    expect(running.provider.received.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /bookings', 'GET /bookings/7']);
  });

  it('is not taken for undone while it may still be on its way', async () => {
    running.provider.otherwise(({ method }) => (method === 'GET' ? { status: 404 } : { cut: 'before' }));

    expect(await running.invoke('verified_book', { orderId: '7' })).toMatchObject({ status: 'unknown' });
    expect(await clientFor(running.nats, runner).countSettling({ organizationId: running.organizationId, sessionId: running.sessionId })).toEqual({ settling: 1 });
  });

  it('is looked at again later, and the edge is told', async () => {
    let looks = 0;
    running.provider.otherwise(({ method }) => {
      if (method === 'POST') return { cut: 'before' };
      return looks++ === 0 ? { status: 503 } : { body: { id: 'B1' } };
    });
    const told = nextEvent('result');

    const first = await running.invoke('verified_book', { orderId: '7' });

    expect(first.status).toBe('unknown');
    expect((await told).outcome).toMatchObject({ invocationId: first.invocationId, status: 'succeeded' });
    expect(await running.ask('invocation.get', { invocationId: first.invocationId })).toMatchObject({ status: 'succeeded' });
  });

  it('adopts the late answer of the provider', async () => {
    running.provider.script({ delayMs: 600, body: { booking: 'late' } });
    const told = nextEvent('result');

    const first = await running.invoke('quick_book', { orderId: '7' });

    expect(first.status).toBe('unknown');
    expect((await told).outcome).toMatchObject({ invocationId: first.invocationId, status: 'succeeded', result: { booking: 'late' } });
    expect(running.provider.received).toHaveLength(1);
  });
});

describe('a function that takes longer than the turn', () => {
  it('is answered pending, and finished as an event', async () => {
    running.provider.script({ delayMs: 300 });
    const told = nextEvent('result');

    const first = await running.invoke('long_book', { orderId: '7' });

    expect(first.status).toBe('pending');
    expect((await told).outcome).toMatchObject({ invocationId: first.invocationId, status: 'succeeded' });
  });
});

describe('a function with spoken lines', () => {
  it('has one said when waiting has become audible', async () => {
    running.provider.script({ delayMs: 300 });
    const told = nextEvent('progress');

    const outcome = await running.invoke('spoken_check', { orderId: '7' });

    expect(await told).toMatchObject({ say: 'One moment.', invocationId: outcome.invocationId });
  });
});

describe('a function of the call itself', () => {
  it('gives a directive, and is settled by the report of the edge', async () => {
    const given = await running.invoke('transfer', {});

    const { sessionId } = running;
    const settled = await running.ask('directive.report', { sessionId, invocationId: given.invocationId, status: 'done', detail: 'desk answered' });

    expect(given).toMatchObject({ status: 'pending', directive: { action: 'transfer', targets: [{ to: '+15550001111' }] } });
    expect(settled).toMatchObject({ invocationId: given.invocationId, status: 'succeeded', result: 'desk answered' });
  });
});

describe('a test session', () => {
  it('lets no write out, answers from a mock, and reads as usual', async () => {
    const sessionId = await running.startSession('live', running.edgeId, 'test');

    const fenced = await running.invoke('book', { orderId: '7' }, { sessionId });
    const mocked = await running.invoke('mocked_book', { orderId: '7' }, { sessionId });
    const read = await running.invoke('check_order', { orderId: '7' }, { sessionId });

    expect(fenced).toMatchObject({ status: 'rejected', error: { code: 'write_fenced' } });
    expect([mocked.status, mocked.result, read.status]).toEqual(['succeeded', { booking: 'mock' }, 'succeeded']);
    expect(running.provider.received.map(({ method }) => method)).toEqual(['GET']);
  });
});

describe('a caller who hangs up', () => {
  it('ends the reads under way', async () => {
    running.provider.script({ delayMs: 60_000 });
    const asked = running.invoke('check_order', { orderId: '7' }, { deadlineMs: 20_000 });
    while (running.provider.received.length === 0) await delay(5);

    await running.endSession();

    expect(await asked).toMatchObject({ status: 'cancelled' });
  });
});
