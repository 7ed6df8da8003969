import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { acrossOrganizations } from '@patchbay/service-kit/database/organization';
import { DataSource } from 'typeorm';
import { RunningRunner, SECRET } from '../testing/running-runner.ts';

let running: RunningRunner;

beforeAll(async () => {
  running = await RunningRunner.start();
});

afterAll(() => running.stop());

beforeEach(async () => {
  running.provider.received.length = 0;
  running.provider.otherwise(() => ({ body: { ok: true } }));
  running.sessionId = await running.startSession('live');
});

describe('a read', () => {
  it('succeeds with what the provider said, and with the sentences meant for the agent', async () => {
    running.provider.script({ body: { status: 'shipped', say: 'It arrives tomorrow.', hint: 'Offer to track it.' } });

    const outcome = await running.invoke('check_order', { orderId: '12345' });

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
    expect(running.provider.received).toMatchObject([
      { method: 'GET', path: '/orders/12345', headers: { authorization: `Bearer ${SECRET}` } },
    ]);
  });

  it('can be asked for again as soon as it has ended', async () => {
    const { invocationId } = await running.invoke('check_order', { orderId: '12345' });

    expect(await running.ask('invocation.get', { invocationId })).toMatchObject({ invocationId, status: 'succeeded' });
    expect(await running.ask('invocation.cancel', { invocationId, reason: 'late' })).toMatchObject({ status: 'succeeded' });
  });

  it('leaves evidence of its attempt, without the secret', async () => {
    running.provider.script({ body: { status: 'shipped' } });

    const { invocationId } = await running.invoke('check_order', { orderId: '12345', count: 2 });

    const invocations = await running.recorded();
    expect(invocations).toMatchObject([
      {
        invocationId,
        sessionId: running.sessionId,
        function: 'check_order',
        status: 'succeeded',
        arguments: { orderId: '12345', count: 2 },
        attempts: [{ attempt: 1, method: 'GET', url: `${running.provider.url}/orders/12345`, status: 200, connectionVersion: 3 }],
      },
    ]);
    expect(JSON.stringify(invocations)).not.toContain(SECRET);
  });

  it.each([
    [404, 'not_found'],
    [401, 'credential_invalid'],
    [422, 'provider_rejected'],
    [500, 'provider_error'],
  ])('fails when the provider answers %i: %s', async (status, code) => {
    running.provider.otherwise(() => ({ status, body: { error: 'at Foo.bar (stack.js:1)' } }));

    const outcome = await running.invoke('check_order', { orderId: '1' });

    expect(outcome).toMatchObject({ status: 'failed', error: { code } });
    expect(outcome.error?.message).not.toContain('stack.js');
  });

  it('is throttled with the time to wait when the provider answers 429', async () => {
    running.provider.script({ status: 429, headers: { 'retry-after': '20' } });

    expect(await running.invoke('check_order', { orderId: '1' })).toMatchObject({ status: 'failed', error: { code: 'throttled', retryAfterMs: 20_000 } });
  });

  it('fails with timeout when the provider is slower than the function allows', async () => {
    running.provider.otherwise(() => ({ delayMs: 1_000 }));

    expect(await running.invoke('quick_check', { orderId: '1' })).toMatchObject({ status: 'failed', error: { code: 'timeout' } });
  });

  it('answers inside the deadline that the edge gave', async () => {
    running.provider.script({ delayMs: 5_000 });

    const outcome = await running.invoke('check_order', { orderId: '1' }, { deadlineMs: 400 });

    expect(outcome).toMatchObject({ status: 'failed', error: { code: 'timeout' } });
    expect(outcome.durationMs).toBeLessThan(500);
  });

  it('fails when the answer is not the JSON it claims to be', async () => {
    running.provider.script({ body: '{"half":' });

    expect(await running.invoke('check_order', { orderId: '1' })).toMatchObject({ status: 'failed', error: { code: 'provider_unreadable' } });
  });
});

describe('a write', () => {
  it('is told when its outcome is on its way to the database, and does not wait for the commit', async () => {
    running.provider.script({ body: { booking: 'B1' } });
    const blocked = Promise.withResolvers<void>();
    const told = Promise.withResolvers<void>();
    const blocking = acrossOrganizations(running.service.app.get(DataSource), async (tx) => {
      await tx.query('lock table invocations in access exclusive mode');
      blocked.resolve();
      await told.promise;
    });
    await blocked.promise;

    const outcome = await running.invoke('book', { orderId: '8' }, { deadlineMs: 30_000 });
    const repeat = running.invoke('book', { orderId: '8' });
    told.resolve();
    await blocking;

    expect(await repeat).toMatchObject({ invocationId: outcome.invocationId, status: 'succeeded', replayed: true });
    expect(running.provider.received).toHaveLength(1);
    expect(outcome).toMatchObject({ status: 'succeeded', result: { booking: 'B1' } });
    expect((await running.recorded())[0]).toMatchObject({ invocationId: outcome.invocationId, status: 'succeeded' });
  });

  it('is said to have ended as it was told, also before it is on record', async () => {
    running.provider.script({ body: { booking: 'B1' } });
    const blocked = Promise.withResolvers<void>();
    const answered = Promise.withResolvers<void>();
    const blocking = acrossOrganizations(running.service.app.get(DataSource), async (tx) => {
      // Nothing can be inserted, everything can be read.
      await tx.query('lock table invocations in share mode');
      blocked.resolve();
      await answered.promise;
    });
    await blocked.promise;

    const { invocationId } = await running.invoke('book', { orderId: '9' }, { deadlineMs: 30_000 });
    const outcome = await running.ask('invocation.get', { invocationId }).finally(answered.resolve);
    await blocking;

    expect(outcome).toMatchObject({ invocationId, status: 'succeeded', result: { booking: 'B1' } });
  });

  it('is settled in the database with what was told', async () => {
    running.provider.script({ body: { booking: 'B1' } });

    const { invocationId } = await running.invoke('book', { orderId: '7' });

    expect(await running.ask('invocation.get', { invocationId })).toMatchObject({ invocationId, status: 'succeeded', result: { booking: 'B1' }, attempts: 1 });
    expect(running.provider.received).toMatchObject([
      { method: 'POST', path: '/bookings', body: '{"orderId":"7"}', headers: { 'idempotency-key': expect.stringMatching(/^int_/) } },
    ]);
  });

  it.each([
    ['no answer in time', { delayMs: 1_000 }],
    ['a connection cut before the answer', { cut: 'before' as const }],
    ['a connection cut inside the answer', { cut: 'inside' as const, body: { booking: 'B1' } }],
    ['a server error', { status: 502 }],
  ])('is unknown after %s, never failed', async (_name, reply) => {
    running.provider.script(reply);

    expect(await running.invoke('quick_book', { orderId: '7' })).toMatchObject({ status: 'unknown', error: { code: 'unknown_outcome' }, attempts: 1 });
  });

  it('keeps its evidence when an argument holds what PostgreSQL cannot store, and that of its neighbours', async () => {
    const [odd] = await Promise.all([running.invoke('book', { orderId: 'a\u0000b\ud800' }), running.invoke('book', { orderId: 'plain' })]);

    const stored = await running.recorded();
    expect(odd.status).toBe('succeeded');
    expect(stored.map(({ arguments: { orderId } }) => orderId).sort()).toEqual(['a\ufffdb\ufffd', 'plain']);
  });

  it('fails when it is certain that nothing was sent', async () => {
    expect(await running.invoke('nobody_there', { orderId: '7' })).toMatchObject({ status: 'failed', error: { code: 'connect_failed' } });
  });
});
