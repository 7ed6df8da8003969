import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RecordedTurn } from '@patchbay/contracts/calls';
import { newId } from '@patchbay/service-kit/identity/new-id';
import { aTurn, RunningCalls } from '../testing/running-calls.ts';

let running: RunningCalls;

beforeAll(async () => {
  running = await RunningCalls.start();
});

afterAll(async () => {
  await running.stop();
});

const listTurns = (sessionId: string, afterPosition = 0) =>
  running.client.listTurns({ organizationId: running.organizationId, sessionId, afterPosition });

describe('turn', () => {
  it('becomes part of the timeline, with the trace of the turn', async () => {
    const sessionId = await running.startSession();

    const reply = await running.say(sessionId, 0, 'caller', 'Where is order 12345?');

    const { session, entries } = await running.timeline(sessionId);
    expect(reply).toEqual({ turnId: 'trn_0', unbackedClaims: [] });
    expect(session).toMatchObject({ sessionId, state: 'live', turns: 1, agentName: 'support', callerNumber: '+15555550100' });
    expect(entries).toMatchObject([
      { kind: 'turn', role: 'caller', text: 'Where is order 12345?', traceId: '0af7651916cd43dd8448eb211c80319c' },
    ]);
  });

  it('reported again replaces the first report', async () => {
    const sessionId = await running.startSession();
    await running.say(sessionId, 0, 'agent', 'Your order arr');

    await running.ask('turn', { ...aTurn(sessionId, 0, 'agent', 'Your order arrives'), interrupted: true });

    const { entries } = await running.timeline(sessionId);
    expect(entries).toMatchObject([{ text: 'Your order arrives', interrupted: true }]);
  });

  it('is kept without the characters that cannot be stored', async () => {
    const sessionId = await running.startSession();

    await running.say(sessionId, 0, 'caller', 'half\u0000 a \ud83d');

    const { entries } = await running.timeline(sessionId);
    expect(entries).toMatchObject([{ text: 'half\ufffd a \ufffd' }]);
  });

  it('of an unknown session is refused', async () => {
    expect(await running.say('ses_0', 0, 'caller', 'hello')).toMatchObject({ errorCode: 404, errorWord: 'session_not_found' });
  });
});

describe('listTurns', () => {
  it('lists the turns recorded after a position, in the order of recording', async () => {
    const sessionId = await running.startSession();
    await running.say(sessionId, 1, 'agent', 'Shall I book it?');
    const { position } = await listTurns(sessionId);

    await running.say(sessionId, 2, 'caller', 'Yes.');
    await running.say(sessionId, 0, 'caller', 'Hello, late.');

    const later = await listTurns(sessionId, position);
    expect(later.turns).toMatchObject([
      { turnId: 'trn_2', role: 'caller', text: 'Yes.', index: 2 },
      { turnId: 'trn_0', role: 'caller', text: 'Hello, late.', index: 0 },
    ]);
    expect(later.position).toBe(later.turns[1]?.position);
  });

  it('keeps the position of a turn that is reported again', async () => {
    const sessionId = await running.startSession();
    await running.say(sessionId, 0, 'caller', 'Ye');
    const first = await listTurns(sessionId);

    await running.say(sessionId, 0, 'caller', 'Yes');

    expect(await listTurns(sessionId, first.position)).toEqual({ turns: [], position: first.position });
    expect(await listTurns(sessionId)).toMatchObject({ turns: [{ text: 'Yes', position: first.position }], position: first.position });
  });

  it('answers position 0 without a turn, and nothing to another organization', async () => {
    const sessionId = await running.startSession();
    expect(await listTurns(sessionId)).toEqual({ turns: [], position: 0 });

    await running.say(sessionId, 0, 'caller', 'Hello');

    const foreign = await running.client.listTurns({ organizationId: newId('organization'), sessionId });
    expect(foreign).toEqual({ turns: [], position: 0 });
  });

  it('shows a turn as soon as it is answered', async () => {
    const sessionId = await running.startSession();
    for (const index of [0, 1, 2]) {
      await running.say(sessionId, index, 'caller', `turn ${index}`);

      expect((await listTurns(sessionId)).turns.at(-1)).toMatchObject({ turnId: `trn_${index}` });
    }
  });

  it('never passes a turn over for somebody who reads on from the newest position, however many are recorded at once', async () => {
    const sessionId = await running.startSession();
    const indexes = Array.from({ length: 200 }, (_, index) => index);
    let isRecorded = false;
    const recorded = Promise.all(indexes.map((index) => running.say(sessionId, index, 'caller', 'hello'))).then(() => {
      isRecorded = true;
    });

    const read: RecordedTurn[] = [];
    for (let isLast = false; !isLast; ) {
      isLast = isRecorded;
      read.push(...(await listTurns(sessionId, read.at(-1)?.position ?? 0)).turns);
    }
    await recorded;

    expect(read.map(({ index }) => index).sort((left, right) => left - right)).toEqual(indexes);
  });
});

describe('heard', () => {
  const report = (sessionId: string, turnId: string, invocationId: string, heard: 'full' | 'partly' | 'none') =>
    running.ask('heard', { sessionId, turnId, invocationId, heard });

  /** Offers are asked for in order: when this one has come, all before it have. */
  async function offeredSince(count: number, sessionId: string): Promise<string[]> {
    const marker = running.runner.add(sessionId, 'check_order');
    const came = running.runner.nextOffer();
    await report(sessionId, 'trn_9', marker, 'none');
    await came;
    const { offered } = running.runner;
    expect(offered.at(-1)).toBe(marker);
    return offered.slice(count, -1);
  }

  it('shows in the timeline beside its invocation, which follows its turn', async () => {
    const sessionId = await running.startSession();
    await running.say(sessionId, 0, 'caller', 'Where is my order?');
    await running.say(sessionId, 1, 'agent', 'It arrives tomorrow.');
    const invocationId = running.runner.add(sessionId, 'check_order');

    expect(await report(sessionId, 'trn_1', invocationId, 'full')).toEqual({});

    const { entries } = await running.timeline(sessionId);
    expect(entries).toMatchObject([{ turnId: 'trn_0', kind: 'turn' }, { invocationId, heard: 'full' }, { turnId: 'trn_1' }]);
  });

  it('not or partly has the result offered again, once for each turn it was lost in', async () => {
    const sessionId = await running.startSession();
    const invocationId = running.runner.add(sessionId, 'check_order');
    const offer = running.runner.nextOffer();
    const before = running.runner.offered.length;
    await report(sessionId, 'trn_1', invocationId, 'none');
    await offer;

    await report(sessionId, 'trn_1', invocationId, 'none');
    await report(sessionId, 'trn_1', invocationId, 'partly');
    const second = running.runner.nextOffer();
    await report(sessionId, 'trn_2', invocationId, 'partly');
    await second;

    expect(await offeredSince(before, sessionId)).toEqual([invocationId, invocationId]);
  });

  it('in full ends it', async () => {
    const sessionId = await running.startSession();
    const invocationId = running.runner.add(sessionId, 'check_order');
    const before = running.runner.offered.length;
    await report(sessionId, 'trn_1', invocationId, 'full');

    await report(sessionId, 'trn_2', invocationId, 'partly');

    expect(await offeredSince(before, sessionId)).toEqual([]);
    expect((await running.timeline(sessionId)).entries[0]).toMatchObject({ invocationId, heard: 'full' });
  });

  it('is answered although the runner refuses to offer again', async () => {
    const sessionId = await running.startSession();
    running.runner.refusesToOffer = true;
    const offer = running.runner.nextOffer();

    const reply = await report(sessionId, 'trn_1', running.runner.add(sessionId, 'check_order'), 'none');
    await offer;
    running.runner.refusesToOffer = false;

    expect(reply).toEqual({});
  });
});

describe('the timeline', () => {
  it('cannot be read with the key of another organization', async () => {
    const sessionId = await running.startSession();

    await expect(running.client.getTimeline({ organizationId: newId('organization'), sessionId })).rejects.toMatchObject({
      code: 'session_not_found',
    });
  });
});
