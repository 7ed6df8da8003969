import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { callEventSubject, type CallEvent } from '@patchbay/contracts/edge';
import { runner } from '@patchbay/contracts/runner';
import { clientFor } from '@patchbay/service-kit/messaging/client';
import { RunningRunner } from '../testing/running-runner.ts';

const FAILURES = 3;

let running: RunningRunner;

beforeAll(async () => {
  running = await RunningRunner.start({ RUNNER_BREAKER_FAILURES_IN_A_ROW: String(FAILURES), RUNNER_BREAKER_HALF_OPEN_MS: '300' });
  running.sessionId = await running.startSession('live');
});

afterAll(() => running.stop());

describe('a provider that is down', () => {
  it('takes its functions off the menu of every live call with a sentence for the caller, and brings them back when a read has found it up', async () => {
    const subject = callEventSubject(running.organizationId, running.edgeId, running.sessionId, 'functions');
    const menus = running.nats.subscribe(subject)[Symbol.asyncIterator]();
    const menu = async () => (await menus.next()).value!.json() as CallEvent<'functions'>;
    running.provider.otherwise(() => ({ status: 503 }));

    for (let call = 0; call < FAILURES; call++) await running.invoke('check_order', { orderId: String(call) });
    const down = await menu();
    const refused = await running.invoke('book', { orderId: '7' });
    const asked = running.provider.received.length;
    running.provider.otherwise(() => ({ body: { booking: 'B1' } }));
    let up = down;
    for (let call = 0; up.unavailable.length > 0; call++) {
      const outcome = await running.invoke('check_order', { orderId: `again ${call}` });
      if (outcome.status === 'succeeded') up = await menu();
    }

    expect(down.unavailable).toContainEqual({ name: 'book', reason: 'breaker_open', say: expect.stringMatching(/\w+ .*\./) });
    expect(down.functions.map(({ name }) => name)).not.toContain('check_order');
    expect(refused).toMatchObject({ status: 'rejected', error: { code: 'breaker_open' } });
    expect(running.provider.received.slice(asked).map(({ method }) => method)).not.toContain('POST');
    expect(up.functions.map(({ name }) => name)).toContain('book');
  });
});

describe('a result that the caller did not hear', () => {
  it('is told to the edge of its own call once more', async () => {
    const { organizationId, sessionId } = running;
    const { invocationId } = await running.invoke('book', { orderId: '8' });
    const told = running.nats.subscribe(callEventSubject(organizationId, running.edgeId, sessionId, 'result'), { max: 1 });

    const client = clientFor(running.nats, runner);
    const elsewhere = await client.offerAgain({ organizationId, sessionId: await running.startSession('live'), invocationId });
    const here = await client.offerAgain({ organizationId, sessionId, invocationId });

    expect([elsewhere, here]).toEqual([{ offered: false }, { offered: true }]);
    for await (const message of told) {
      expect(message.json()).toMatchObject({ invocationId, function: 'book', outcome: { status: 'succeeded', replayed: true, result: { booking: 'B1' } } });
    }
  });
});
