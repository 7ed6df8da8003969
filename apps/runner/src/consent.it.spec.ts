import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { RunningRunner } from '../testing/running-runner.ts';

let running: RunningRunner;

beforeAll(async () => {
  running = await RunningRunner.start();
});

afterAll(() => running.stop());

beforeEach(async () => {
  running.provider.received.length = 0;
  running.provider.otherwise(() => ({ body: { refund: 'R1' } }));
  running.sessionId = await running.startSession('live');
});

const refund = (orderId = '7', turnId = 'trn_1') => running.invoke('refund', { orderId }, { turnId });

describe('a function that needs the caller’s yes', () => {
  it('sends nothing before, and is carried out after it', async () => {
    const asked = await refund();
    running.say('agent', asked.confirmation!.readBack);
    const yes = running.say('caller', 'Yes, go ahead.');

    const outcome = await refund();

    expect(asked).toMatchObject({ status: 'needs_confirmation', confirmation: { readBack: expect.stringContaining('7') }, attempts: 0 });
    expect(outcome).toMatchObject({ status: 'succeeded', result: { refund: 'R1' } });
    const record = (await running.recorded()).find(({ invocationId }) => invocationId === outcome.invocationId);
    expect(record?.consent).toMatchObject({ verdict: 'affirm', turnId: yes, words: 'Yes, go ahead.', argumentsHash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(running.provider.received).toHaveLength(1);
  });

  it('asks again while the caller has not answered', async () => {
    const asked = await refund();

    expect(await refund()).toMatchObject({ status: 'needs_confirmation', confirmation: asked.confirmation });
    expect(running.provider.received).toHaveLength(0);
  });

  it.each([
    ['No, not that one.', 'rejected'],
    ['Yes, but for order nine.', 'rejected'],
    ['Hm.', 'needs_confirmation'],
  ])('sends nothing after "%s"', async (words, status) => {
    await refund();
    running.say('caller', words);

    expect(await refund()).toMatchObject({ status });
    expect(running.provider.received).toHaveLength(0);
  });

  it('does not take a yes that was said before it asked, nor one that is reported late', async () => {
    running.say('caller', 'Yes please, refund order seven.');
    await refund();

    expect(await refund()).toMatchObject({ status: 'needs_confirmation' });
  });

  it('does not take a yes to other arguments', async () => {
    await refund('7');
    running.say('caller', 'Yes.');

    expect(await refund('8')).toMatchObject({ status: 'needs_confirmation' });
    expect(running.provider.received).toHaveLength(0);
  });

  it('commits once for one yes, however often it is asked', async () => {
    await refund();
    running.say('caller', 'Yes.');

    const outcomes = await Promise.all([refund(), refund(), refund()]);

    expect(outcomes.map(({ status }) => status)).toEqual(['succeeded', 'succeeded', 'succeeded']);
    expect(running.provider.received).toHaveLength(1);
  });

  it('does not use one yes for two things', async () => {
    const notify = () => running.invoke('notify', { orderId: '7' });
    await refund();
    await notify();
    running.say('caller', 'Yes.');

    const outcomes = [await refund(), await notify()];

    expect(outcomes.map(({ status }) => status)).toEqual(['succeeded', 'needs_confirmation']);
    expect(running.provider.received).toHaveLength(1);
  });

  it('does not use one yes for a read and a write', async () => {
    const look = () => running.invoke('asked_check', { orderId: '7' });
    await refund();
    await look();
    running.say('caller', 'Yes.');

    const outcomes = [await look(), await refund()];

    expect(outcomes.map(({ status }) => status)).toEqual(['succeeded', 'needs_confirmation']);
  });

  it('needs no second yes when the first try came to nothing', async () => {
    running.provider.script({ status: 422 });
    await refund();
    running.say('caller', 'Yes.');
    const failed = await refund();

    expect([failed.status, (await refund()).status]).toEqual(['failed', 'succeeded']);
  });

  it('asks anew when the yes comes after it has expired', async () => {
    const asked = await refund();
    await running.database.query(`update consents set expires_at = now() where session_id = $1`, [running.sessionId]);
    running.say('caller', 'Yes.');

    const again = await refund();

    expect(again.status).toBe('needs_confirmation');
    expect(again.confirmation!.expiresAt > asked.confirmation!.expiresAt).toBe(true);
    expect(running.provider.received).toHaveLength(0);
  });

  it('takes a yes back when the caller says wait', async () => {
    await refund();
    running.say('caller', 'Yes.');
    running.say('caller', 'Wait, no, hold on.');

    expect((await refund()).status).not.toBe('succeeded');
    expect(running.provider.received).toHaveLength(0);
  });
});
