import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aTurn, RunningCalls } from '../testing/running-calls.ts';

let running: RunningCalls;

beforeAll(async () => {
  running = await RunningCalls.start();
});

afterAll(async () => {
  await running.stop();
});

const BOOKED = "Great, I've booked your appointment for Friday at 7.";

describe('a claim of the agent', () => {
  it('that nothing backs is answered to the edge and shown below its turn', async () => {
    const sessionId = await running.startSession();

    const { unbackedClaims } = await running.say(sessionId, 0, 'agent', BOOKED);

    const claim = { claim: "I've booked your appointment for Friday at 7.", effect: 'booked', hint: expect.stringContaining('has not happened') };
    expect(unbackedClaims).toEqual([claim]);
    const { entries } = await running.timeline(sessionId);
    expect(entries).toMatchObject([{ kind: 'turn', turnId: 'trn_0' }, { kind: 'claim', turnId: 'trn_0', ...claim, claimId: expect.stringMatching(/^clm_/) }]);
  });

  it('is backed by a write that succeeded', async () => {
    const sessionId = await running.startSession();
    running.runner.add(sessionId, 'book_slot', { effect: 'write.reversible' });

    expect(await running.say(sessionId, 1, 'agent', BOOKED)).toEqual({ turnId: 'trn_1', unbackedClaims: [] });
  });

  it('is not backed by a write of another session', async () => {
    running.runner.add(await running.startSession(), 'book_slot', { effect: 'write.reversible' });

    const { unbackedClaims } = await running.say(await running.startSession(), 1, 'agent', BOOKED);

    expect(unbackedClaims).toHaveLength(1);
  });

  it('is not backed by a write whose outcome is not known, and the hint says so', async () => {
    const sessionId = await running.startSession();
    running.runner.add(sessionId, 'book_slot', { effect: 'write.reversible', status: 'unknown' });

    const { unbackedClaims } = await running.say(sessionId, 1, 'agent', BOOKED);

    expect(unbackedClaims).toMatchObject([{ hint: expect.stringContaining('The booking is not confirmed yet') }]);
  });

  it('goes with the words when the turn turns out to have been interrupted before them', async () => {
    const sessionId = await running.startSession();
    await running.say(sessionId, 0, 'agent', BOOKED);

    await running.ask('turn', { ...aTurn(sessionId, 0, 'agent', 'Great,'), interrupted: true });

    const { entries } = await running.timeline(sessionId);
    expect(entries.map(({ kind }) => kind)).toEqual(['turn']);
  });

  it('is counted by what was claimed', async () => {
    const counted = async () => {
      const answer = await fetch(`${running.service.url}/metrics`, { headers: { connection: 'close' } });
      return Number(/^patchbay_unbacked_claims_total\{effect="booked"\} (\d+)$/m.exec(await answer.text())?.[1] ?? 0);
    };
    const before = await counted();

    await running.say(await running.startSession(), 0, 'agent', BOOKED);

    expect(await counted()).toBe(before + 1);
  });

  it('reported twice is kept once', async () => {
    const sessionId = await running.startSession();
    await running.say(sessionId, 0, 'agent', BOOKED);
    await running.say(sessionId, 0, 'agent', BOOKED);

    const { entries } = await running.timeline(sessionId);
    expect(entries.map(({ kind }) => kind)).toEqual(['turn', 'claim']);
  });

  it('is not held against the agent while the runner cannot be asked', async () => {
    const sessionId = await running.startSession();
    running.runner.goAway();

    const reply = await running.say(sessionId, 0, 'agent', BOOKED);
    running.runner.comeBack();

    expect(reply).toEqual({ turnId: 'trn_0', unbackedClaims: [] });
    expect((await running.timeline(sessionId)).entries.map(({ kind }) => kind)).toEqual(['turn']);
  });

  it('is none when the caller says it', async () => {
    const sessionId = await running.startSession();

    expect(await running.say(sessionId, 0, 'caller', BOOKED)).toEqual({ turnId: 'trn_0', unbackedClaims: [] });
  });
});
