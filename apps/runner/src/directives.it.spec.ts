import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { callEventSubject, type CallEvent } from '@patchbay/contracts/edge';
import type { Outcome } from '@patchbay/contracts/outcome';
import { RunningRunner } from '../testing/running-runner.ts';

let running: RunningRunner;

beforeAll(async () => {
  running = await RunningRunner.start();
});

afterAll(() => running.stop());

beforeEach(async () => {
  running.sessionId = await running.startSession('live');
});

function nextResult(): Promise<Outcome> {
  const subject = callEventSubject(running.organizationId, running.edgeId, running.sessionId, 'result');
  return new Promise((resolve) => {
    running.nats.subscribe(subject, { max: 1, callback: (_error, message) => resolve(message.json<CallEvent<'result'>>().outcome) });
  });
}

function report({ invocationId }: Outcome, status: 'done' | 'failed', detail?: string): Promise<Outcome> {
  return running.ask('directive.report', { sessionId: running.sessionId, invocationId, status, ...(detail === undefined ? {} : { detail }) });
}

/** Of all invocations of the session, once there are so many on record. */
async function sealsOf(count: number): Promise<(boolean | undefined)[]> {
  for (;;) {
    const records = await running.recorded();
    if (records.length === count) return records.map(({ seal }) => seal?.intact);
  }
}

describe('a directive', () => {
  it('has failed when the edge says that it could not carry it out', async () => {
    const given = await running.invoke('transfer', {});

    expect(await report(given, 'failed', 'nobody picked up')).toMatchObject({
      invocationId: given.invocationId,
      status: 'failed',
      error: { code: 'provider_rejected', message: 'nobody picked up' },
    });
  });

  it('is unknown when the edge says nothing for as long as it may take, and known by a report that comes later', async () => {
    const told = nextResult();
    const given = await running.invoke('transfer', {});

    const silent = await told;
    const reported = await report(given, 'done');
    await running.invoke('check_order', { orderId: '7' });

    expect(silent).toMatchObject({ invocationId: given.invocationId, status: 'unknown', error: { code: 'unknown_outcome' } });
    expect(reported).toMatchObject({ invocationId: given.invocationId, status: 'succeeded' });
    expect(await sealsOf(2)).toEqual([true, true]);
  });

  it('is settled by its report at another runner, when the one that gave it is gone', async () => {
    const given = await running.invoke('transfer', {});

    await running.redeploy();

    expect(given.status).toBe('pending');
    expect(await report(given, 'done', 'desk answered')).toMatchObject({ invocationId: given.invocationId, status: 'succeeded', result: 'desk answered' });
    expect(await running.recorded()).toMatchObject([{ status: 'succeeded', function: 'transfer' }]);
  });

  it('is given once, however often it is asked for', async () => {
    const [first, second] = await Promise.all([running.invoke('transfer', {}), running.invoke('transfer', {})]);

    expect(second.invocationId).toBe(first.invocationId);
    await report(first, 'done');
    expect(await running.invoke('transfer', {})).toMatchObject({ invocationId: first.invocationId, status: 'succeeded', replayed: true });
  });
});
