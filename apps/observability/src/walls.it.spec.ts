import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@patchbay/service-kit/identity/new-id';
import { inspectWalls } from '@patchbay/testing/inspect-walls';
import { newTrace, resourceSpans, runObservability, text, type RunningObservability } from '../testing/running-observability.ts';

let running: RunningObservability;

beforeAll(async () => {
  running = await runObservability();
});

afterAll(() => running?.stop());

describe('the database of the observability', () => {
  it("keeps organizations apart with none of the service's own filters", async () => {
    const [ours, theirs] = [newId('organization'), newId('organization')];
    await running.client.ingestSpans({ organizationId: ours, resourceSpans: resourceSpans({ traceId: newTrace(), name: 'turn' }) });
    await running.send({ traceId: newTrace(), name: 'turn', attributes: [text('app.org.id', theirs)] });

    expect(await inspectWalls(running.database, ours)).toEqual({ faults: [], shared: [], tried: ['spans'] });
  });
});
