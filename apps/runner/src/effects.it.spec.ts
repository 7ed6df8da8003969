import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { EffectClass, InvocationStatus, Outcome } from '@patchbay/contracts/outcome';
import { setTimeout as delay } from 'node:timers/promises';
import { nameOf } from '../testing/effect-functions.ts';
import { RunningRunner } from '../testing/running-runner.ts';

interface Row {
  effect: EffectClass;
  /** After a connection that was reset before an answer: requests the provider has seen, and the outcome. */
  afterReset: { requests: number; status: InvocationStatus };
  /** What an equal request gets when its time has passed: that of two seconds, or an hour. */
  equalLater: { after: 'window' | 'hour'; gets: 'sent again' | 'replayed' };
  asksFirst: boolean;
  atBargeIn: InvocationStatus;
  atHangUp: InvocationStatus;
  inTests: 'sent' | 'fenced';
}

/** Written out by hand, not read from the rules: who changes what follows from a class must say so here. */
const ROWS: Row[] = [
  {
    effect: 'read',
    afterReset: { requests: 2, status: 'succeeded' },
    equalLater: { after: 'window', gets: 'sent again' },
    asksFirst: false,
    atBargeIn: 'cancelled',
    atHangUp: 'cancelled',
    inTests: 'sent',
  },
  {
    effect: 'write.idempotent',
    afterReset: { requests: 2, status: 'succeeded' },
    equalLater: { after: 'hour', gets: 'replayed' },
    asksFirst: false,
    atBargeIn: 'succeeded',
    atHangUp: 'succeeded',
    inTests: 'fenced',
  },
  {
    effect: 'write.reversible',
    afterReset: { requests: 1, status: 'unknown' },
    equalLater: { after: 'hour', gets: 'replayed' },
    asksFirst: false,
    atBargeIn: 'succeeded',
    atHangUp: 'succeeded',
    inTests: 'fenced',
  },
  {
    effect: 'write.irreversible',
    afterReset: { requests: 1, status: 'unknown' },
    equalLater: { after: 'hour', gets: 'replayed' },
    asksFirst: true,
    atBargeIn: 'succeeded',
    atHangUp: 'succeeded',
    inTests: 'fenced',
  },
  {
    effect: 'message',
    afterReset: { requests: 1, status: 'unknown' },
    equalLater: { after: 'hour', gets: 'replayed' },
    asksFirst: true,
    atBargeIn: 'succeeded',
    atHangUp: 'succeeded',
    inTests: 'fenced',
  },
  {
    // Nothing goes to a provider: the edge gets a directive and reports.
    effect: 'call_control',
    afterReset: { requests: 0, status: 'succeeded' },
    equalLater: { after: 'window', gets: 'sent again' },
    asksFirst: false,
    atBargeIn: 'succeeded',
    atHangUp: 'succeeded',
    inTests: 'sent',
  },
];

/** Longer than a cancel takes to arrive, shorter than the function may take. */
const UNDER_WAY_MS = 600;

let running: RunningRunner;

beforeAll(async () => {
  running = await RunningRunner.start();
});

afterAll(() => running.stop());

beforeEach(async () => {
  running.provider.received.length = 0;
  running.provider.otherwise(() => ({ body: { act: 'A1' } }));
  running.sessionId = await running.startSession('live');
});

describe.each(ROWS)('$effect', ({ effect, afterReset, equalLater, asksFirst, atBargeIn, atHangUp, inTests }) => {
  const name = nameOf(effect);
  const isOfTheCall = effect === 'call_control';
  const args = isOfTheCall ? {} : { orderId: '7' };
  const ask = (ending: '' | '_asking' | '_not_asking' = '', sessionId = running.sessionId) => running.invoke(`${name}${ending}`, args, { sessionId });

  /** As it ends: what the call itself shall do ends with the report of the edge. */
  async function settle(outcome: Outcome): Promise<Outcome> {
    if (!isOfTheCall || outcome.status !== 'pending' || outcome.replayed) return outcome;
    return running.ask('directive.report', { sessionId: running.sessionId, invocationId: outcome.invocationId, status: 'done' });
  }

  const carryOut = async () => settle(await ask('_not_asking'));

  /** Resolves when the provider, or the edge, has it. */
  async function startAndReach(): Promise<{ asked: Promise<Outcome> }> {
    running.provider.otherwise(() => ({ delayMs: UNDER_WAY_MS, body: { act: 'A1' } }));
    const asked = ask('_not_asking');
    if (isOfTheCall) await asked;
    else while (running.provider.received.length === 0) await delay(5);
    return { asked };
  }

  it(`reaches the provider ${afterReset.requests} times when its connection is reset, and is ${afterReset.status}`, async () => {
    running.provider.script(...Array.from({ length: isOfTheCall ? 0 : 1 }, () => ({ cut: 'before' as const })));

    const outcome = await carryOut();

    expect({ requests: running.provider.received.length, status: outcome.status }).toEqual(afterReset);
  });

  it('gets its outcome again when it is asked for once more at once', async () => {
    const first = await carryOut();
    const sent = running.provider.received.length;

    const again = await ask('_not_asking');

    expect(again).toMatchObject({ invocationId: first.invocationId, status: 'succeeded', replayed: true });
    expect(running.provider.received).toHaveLength(sent);
  });

  it(`is ${equalLater.gets} when it is asked for once more after the ${equalLater.after}`, async () => {
    const first = await carryOut();
    if (equalLater.after === 'hour') await letAnHourPass();

    let again = await ask('_not_asking');
    while (equalLater.after === 'window' && again.replayed) {
      await delay(50);
      again = await ask('_not_asking');
    }

    expect(again.replayed ? 'replayed' : 'sent again').toBe(equalLater.gets);
    expect(again.invocationId === first.invocationId).toBe(again.replayed);
    expect(running.provider.received).toHaveLength(isOfTheCall ? 0 : again.replayed ? 1 : 2);
  });

  it(`${asksFirst ? 'asks the caller first' : 'does not ask'} unless told otherwise, and either can be told`, async () => {
    const outcomes = [await ask(), await ask('_asking'), await ask('_not_asking')];

    expect(outcomes.map(({ status }) => status === 'needs_confirmation')).toEqual([asksFirst, true, false]);
    expect(running.provider.received).toHaveLength(isOfTheCall ? 0 : asksFirst ? 1 : 2);
  });

  it('is carried out once the caller has said yes, where it asks', async () => {
    await ask('_asking');
    running.say('caller', 'Yes, please.');

    expect(await settle(await ask('_asking'))).toMatchObject({ status: 'succeeded' });
  });

  it(`is ${atBargeIn} when it is cancelled under way`, async () => {
    const { asked } = await startAndReach();

    const told = await running.ask('invocation.cancel', { sessionId: running.sessionId, toolCallId: 'call_1', reason: 'barge-in' });

    expect(told.status).toBe(atBargeIn === 'cancelled' ? 'cancelled' : 'pending');
    expect(await settle(await asked)).toMatchObject({ status: atBargeIn });
  });

  it(`is ${atHangUp} when the caller hangs up under way`, async () => {
    const { asked } = await startAndReach();

    await running.endSession();

    expect(await settle(await asked)).toMatchObject({ status: atHangUp });
  });

  it(`is ${inTests} in the test channel`, async () => {
    const sessionId = await running.startSession('live', running.edgeId, 'test');

    const { status, error } = await ask('_not_asking', sessionId);

    const fenced = { status: 'rejected', code: 'write_fenced' };
    const sent = { status: isOfTheCall ? 'pending' : 'succeeded', code: undefined };
    expect({ status, code: error?.code }).toEqual(inTests === 'fenced' ? fenced : sent);
    expect(running.provider.received).toHaveLength(inTests === 'sent' && !isOfTheCall ? 1 : 0);
  });
});

/** For the ledger: it measures in the time of the database. */
async function letAnHourPass(): Promise<void> {
  await running.database.query(`update intents set committed_at = committed_at - interval '1 hour' where session_id = $1`, [running.sessionId]);
}
