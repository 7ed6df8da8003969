import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inspectWalls } from '@patchbay/testing/inspect-walls';
import { anOrganization, settled } from '../testing/an-organization.ts';
import { runWorkflows, type RunningWorkflows } from '../testing/running-workflows.ts';

let running: RunningWorkflows;

beforeAll(async () => {
  running = await runWorkflows();
});

afterAll(() => running?.stop());

describe('the database of the workflows', () => {
  it("keeps organizations apart with none of the service's own filters", async () => {
    const [ours, theirs] = [anOrganization(running), anOrganization(running)];
    for (const organization of [ours, theirs]) {
      const { webhookId } = await organization.newWebhook();
      await organization.endSession();
      await organization.deliveriesWhen(webhookId, settled);
    }

    expect(await inspectWalls(running.database, ours.organizationId)).toEqual({
      faults: [],
      shared: [],
      tried: ['deliveries', 'inbox', 'outbox', 'webhooks'],
    });
  });
});

describe('a new webhook', () => {
  it('is told without its URL, in which a receiver may keep a secret', async () => {
    const { organizationId, newWebhook, url } = anOrganization(running);
    const { webhookId } = await newWebhook();

    const told = await running.database.query<{ payload: unknown }>('select payload from outbox where org_id = $1', [organizationId]);

    expect(told.map(({ payload }) => payload)).toMatchObject([{ action: 'webhook.created', object: { kind: 'webhook', id: webhookId }, before: null }]);
    expect(JSON.stringify(told)).not.toContain(url);
  });
});
