import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@patchbay/service-kit/identity/new-id';
import { inspectWalls } from '@patchbay/testing/inspect-walls';
import { RunningRunner } from '../testing/running-runner.ts';

let running: RunningRunner;

beforeAll(async () => {
  running = await RunningRunner.start();
  running.sessionId = await running.startSession('live');
});
afterAll(() => running.stop());

describe('the database of the runner', () => {
  it("keeps organizations apart with none of the service's own filters", async () => {
    await running.invoke('book', { orderId: '1' });
    await running.invoke('asked_check', { orderId: '2' });
    await running.invoke('long_book', { orderId: '3' });
    await running.recorded();

    // Everything that is there belongs to the organization of the call: another one sees nothing of it.
    expect(await inspectWalls(running.database, newId('organization'))).toEqual({
      faults: [],
      shared: ['runners'],
      tried: ['attempts', 'consents', 'intents', 'invocations', 'pending_invocations'],
    });
  });
});
