import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@patchbay/service-kit/identity/new-id';
import { inspectWalls } from '@patchbay/testing/inspect-walls';
import { runCatalog, type RunningCatalog } from '../testing/running-catalog.ts';

const [organizationId, anotherOrganizationId] = [newId('organization'), newId('organization')];
const aTool = (name: string) => ({
  organizationId,
  name,
  description: 'Looks an order up.',
  effect: 'read' as const,
  parameters: { type: 'object', properties: {} },
  http: { method: 'GET' as const, url: 'https://example.com/orders' },
});
let running: RunningCatalog;

beforeAll(async () => {
  running = await runCatalog();
});

afterAll(() => running?.stop());

describe('the database of the catalog', () => {
  it("keeps organizations apart with none of the service's own filters", async () => {
    await running.client.createTool(aTool('ours'));
    await running.client.createTool({ ...aTool('theirs'), organizationId: anotherOrganizationId });

    expect(await inspectWalls(running.database, organizationId)).toEqual({
      faults: [],
      shared: [],
      tried: ['outbox', 'tool_versions', 'tools'],
    });
  });
});

describe('a change of a tool', () => {
  const changesOf = (toolId: string) =>
    running.database.query<{ payload: unknown }>(
      `select payload from outbox where org_id = $1 and payload -> 'object' ->> 'id' = $2 order by event_id`,
      [organizationId, toolId],
    );

  it('is told with its hashes and the fields that differ, never their values', async () => {
    const { toolId } = await running.client.createTool(aTool('told'));
    await running.client.updateTool({ ...aTool('told'), toolId, description: 'Something secret.' });

    const [created, updated, ...more] = (await changesOf(toolId)).map(({ payload }) => payload);

    expect(more).toEqual([]);
    const object = { kind: 'tool', id: toolId, name: 'told' };
    expect(created).toMatchObject({ action: 'tool.created', object, before: null, after: expect.stringMatching(/^[0-9a-f]{64}$/), changed: [] });
    expect(updated).toMatchObject({
      action: 'tool.updated',
      object,
      before: (created as { after: string }).after,
      changed: ['createdAt', 'description', 'version'],
    });
    expect(JSON.stringify(updated)).not.toContain('Something secret');
  });

  it('that is refused is not told', async () => {
    const { toolId } = await running.client.createTool(aTool('refused'));
    await expect(running.client.updateTool({ ...aTool('told'), toolId })).rejects.toMatchObject({ code: 'conflict' });

    expect(await changesOf(toolId)).toHaveLength(1);
  });
});
