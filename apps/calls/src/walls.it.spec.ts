import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@patchbay/service-kit/identity/new-id';
import { inspectWalls } from '@patchbay/testing/inspect-walls';
import { RunningCalls } from '../testing/running-calls.ts';

let running: RunningCalls;

beforeAll(async () => {
  running = await RunningCalls.start();
});

afterAll(() => running?.stop());

describe('the database of the calls', () => {
  it("keeps organizations apart with none of the service's own filters", async () => {
    const sessionId = await running.startSession();
    await running.say(sessionId, 0, 'agent', 'I have booked your appointment.');
    await running.ask('heard', { sessionId, turnId: 'trn_0', invocationId: newId('invocation'), heard: 'none' });
    await running.ask('session.end', { sessionId, reason: 'done', endedAt: new Date().toISOString() });

    // Everything that is there belongs to the organization of the call: another one sees nothing of it.
    expect(await inspectWalls(running.database, newId('organization'))).toEqual({
      faults: [],
      shared: [],
      tried: ['claims', 'heard', 'offers', 'outbox', 'sessions', 'turns'],
    });
  });
});
