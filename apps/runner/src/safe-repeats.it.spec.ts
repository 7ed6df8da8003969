import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { RunningRunner } from '../testing/running-runner.ts';

const AN_INTENT = expect.stringMatching(/^int_/);
const LOST = { cut: 'before' } as const;
const DONE = { body: { booking: 'B1' } };

let running: RunningRunner;

beforeAll(async () => {
  running = await RunningRunner.start();
});

afterAll(() => running.stop());

beforeEach(async () => {
  running.provider.received.length = 0;
  running.provider.otherwise(() => DONE);
  running.sessionId = await running.startSession('live');
});

function bodies(): Record<string, unknown>[] {
  return running.provider.received.filter(({ method }) => method === 'POST').map(({ body }) => JSON.parse(body) as Record<string, unknown>);
}

describe('a write under an id of our own', () => {
  it('is sent again under the same id when its answer was lost', async () => {
    running.provider.script(LOST, DONE);

    expect(await running.invoke('own_id_book', { orderId: '7' })).toMatchObject({ status: 'succeeded', attempts: 2 });
    expect(bodies()).toEqual([{ orderId: '7', bookingId: AN_INTENT }, bodies()[0]]);
  });

  it('keeps its id when the caller asks again for what ended unknown', async () => {
    running.provider.script({ ...DONE, delayMs: 60_000 });
    const lost = await running.invoke('own_id_book', { orderId: '7' });

    const again = await running.invoke('own_id_book', { orderId: '7' });

    expect([lost.status, again.status]).toEqual(['unknown', 'succeeded']);
    expect(bodies()).toEqual([{ orderId: '7', bookingId: AN_INTENT }, bodies()[0]]);
  });

  it('has another id in another session', async () => {
    await running.invoke('own_id_book', { orderId: '7' });
    running.sessionId = await running.startSession('live');
    await running.invoke('own_id_book', { orderId: '7' });

    expect(new Set(bodies().map(({ bookingId }) => bookingId)).size).toBe(2);
  });
});

describe('a write that leads to the same state however often it is made', () => {
  it('is sent again when its answer was lost', async () => {
    running.provider.script(LOST, DONE);

    expect(await running.invoke('upsert_book', { orderId: '7' })).toMatchObject({ status: 'succeeded', attempts: 2 });
    expect(bodies()).toEqual([{ orderId: '7' }, { orderId: '7' }]);
  });
});

describe('a write that carries a tag', () => {
  it('is looked for by its tag when its answer was lost, and not sent again', async () => {
    running.provider.script(LOST);

    const outcome = await running.invoke('tagged_book', { orderId: '7' });

    const [{ reference } = {}] = bodies();
    expect(outcome.status).toBe('succeeded');
    expect(reference).toEqual(AN_INTENT);
    expect(running.provider.received.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /bookings', `GET /bookings/by-reference/${String(reference)}`]);
  });

  it('stays unknown while its tag is not to be found, and is not sent again for the same wish', async () => {
    running.provider.otherwise(({ method }) => (method === 'GET' ? { status: 503 } : LOST));

    const lost = await running.invoke('tagged_book', { orderId: '7' });
    const again = await running.invoke('tagged_book', { orderId: '7' });

    expect([lost.status, again.status, again.replayed]).toEqual(['unknown', 'unknown', true]);
    expect(bodies()).toHaveLength(1);
  });
});
