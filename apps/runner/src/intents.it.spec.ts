import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Outcome } from '@patchbay/contracts/outcome';
import { RunningRunner } from '../testing/running-runner.ts';

let running: RunningRunner;

beforeAll(async () => {
  running = await RunningRunner.start();
  await running.startRunner();
});

afterAll(() => running.stop());

beforeEach(async () => {
  running.provider.received.length = 0;
  running.provider.otherwise(() => ({ body: { booking: 'B1' } }));
  running.sessionId = await running.startSession('live');
});

describe('the same intent', () => {
  it('is carried out once when fifty equal requests come at once, at two runners, and all get its outcome', async () => {
    running.provider.otherwise(() => ({ delayMs: 100, body: { booking: 'B1' } }));

    const outcomes = await Promise.all(Array.from({ length: 50 }, () => running.invoke('book', { orderId: '7' })));

    expect(running.provider.received).toHaveLength(1);
    expect(new Set(outcomes.map(({ invocationId, status, result }) => JSON.stringify({ invocationId, status, result }))).size).toBe(1);
    expect(outcomes.filter(({ replayed }) => !replayed)).toHaveLength(1);
  });

  it('is answered with its outcome again, and nothing is sent', async () => {
    const first = await running.invoke('book', { orderId: '7', count: 2 });

    const again = await running.invoke('book', { count: 2, orderId: '7' });

    expect(again).toMatchObject({ invocationId: first.invocationId, status: 'succeeded', result: { booking: 'B1' }, replayed: true });
    expect(running.provider.received).toHaveLength(1);
  });

  it('is tried again when it is known that nothing happened', async () => {
    running.provider.script({ status: 422 });
    const refused = await running.invoke('book', { orderId: '7' });

    const again = await running.invoke('book', { orderId: '7' });

    expect([refused.status, again.status, again.replayed]).toEqual(['failed', 'succeeded', false]);
    expect(running.provider.received).toHaveLength(2);
  });

  it('stays unknown, and is not sent again, where a repeat is not safe', async () => {
    running.provider.script({ cut: 'before' });
    const lost = await running.invoke('quick_book', { orderId: '7' });

    const again = await running.invoke('quick_book', { orderId: '7' });

    expect([lost.status, again.status, again.replayed]).toEqual(['unknown', 'unknown', true]);
    expect(running.provider.received).toHaveLength(1);
  });

  it('is sent again under the same key where the provider honours one', async () => {
    running.provider.script({ cut: 'before' }, { body: { booking: 'B1' } });

    const outcome = await running.invoke('keyed_book', { orderId: '7' });

    const keys = running.provider.received.map(({ headers }) => headers['x-request-key']);
    expect(outcome).toMatchObject({ status: 'succeeded', attempts: 2 });
    expect(keys).toEqual([expect.stringMatching(/^int_/), keys[0]]);
  });

  it('is another one in another session', async () => {
    await running.invoke('book', { orderId: '7' });
    running.sessionId = await running.startSession('live');

    expect(await running.invoke('book', { orderId: '7' })).toMatchObject({ status: 'succeeded', replayed: false });
    expect(running.provider.received).toHaveLength(2);
  });
});

describe('an idempotency key', () => {
  it('belongs to one set of arguments: one of fifty requests with different ones is carried out, the others are conflicts', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, (_, at) => running.invoke('book', { orderId: String(at) }, { idempotencyKey: 'key-1' })),
    );

    const codes = outcomes.map(({ status, error }) => error?.code ?? status);
    expect(codes.filter((code) => code === 'succeeded')).toHaveLength(1);
    expect(codes.filter((code) => code === 'duplicate_conflict')).toHaveLength(49);
    expect(running.provider.received).toHaveLength(1);
  });
});

describe('a second order', () => {
  const order = (): Promise<Outcome> => running.invoke('book', { orderId: '7' });

  it('is carried out when the caller wants it after the agent has offered it', async () => {
    const first = await order();
    const offer = await order();
    running.say('agent', offer.confirmation!.readBack);
    running.say('caller', 'Yes please.');

    const second = await order();

    expect(second).toMatchObject({ status: 'succeeded', replayed: false });
    expect(second.invocationId).not.toBe(first.invocationId);
    expect(running.provider.received).toHaveLength(2);
  });

  it('is not what "okay" means: whoever says it may only have heard that it was done', async () => {
    await order();
    const offer = await order();
    running.say('agent', offer.confirmation!.readBack);
    running.say('caller', 'Okay.');

    expect(await order()).toMatchObject({ status: 'succeeded', replayed: true });
    expect(running.provider.received).toHaveLength(1);
  });

  it('is not what "great, yes, thanks" means when nobody offered it', async () => {
    await order();
    await order();
    running.say('agent', 'It is booked.');
    running.say('caller', 'Great, yes, thanks!');

    expect(await order()).toMatchObject({ status: 'succeeded', replayed: true });
    expect(running.provider.received).toHaveLength(1);
  });
});

describe('a read', () => {
  it('that is repeated within two seconds is answered once', async () => {
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => running.invoke('check_order', { orderId: '7' })));

    expect(outcomes.every(({ status }) => status === 'succeeded')).toBe(true);
    // One at each of the two runners at most: reads are joined in the memory of a runner.
    expect(running.provider.received.length).toBeLessThanOrEqual(2);
  });
});
