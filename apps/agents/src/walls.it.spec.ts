import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inspectWalls } from '@patchbay/testing/inspect-walls';
import { anotherOrganizationId, organizationId, runAgents, type RunningAgents } from '../testing/running-agents.ts';

let running: RunningAgents;

beforeAll(async () => {
  running = await runAgents();
});

afterAll(() => running?.stop());

describe('the database of the agents', () => {
  it("keeps organizations apart with none of the service's own filters", async () => {
    const { client, database } = running;
    await running.anAgent();
    const { agentId } = await client.createAgent({ organizationId: anotherOrganizationId, name: 'Theirs' });
    await client.createVersion({ organizationId: anotherOrganizationId, agentId, instructions: 'Be brief.', functions: [] });

    expect(await inspectWalls(database, organizationId)).toEqual({
      faults: [],
      shared: [],
      tried: ['agent_versions', 'agents', 'outbox'],
    });
  });
});

describe('what is done to an agent', () => {
  it('is told: its making, each draft, and what is deployed', async () => {
    const { agentId, name } = await running.anAgent();
    const { versionId } = await running.aVersion(agentId);
    await running.client.deployVersion({ organizationId, agentId, versionId });

    const told = await running.database.query<{ payload: unknown }>(
      `select payload from outbox where payload -> 'object' ->> 'id' = any($1) order by event_id`,
      [[agentId, versionId]],
    );

    expect(told.map(({ payload }) => payload)).toMatchObject([
      { action: 'agent.created', object: { kind: 'agent', id: agentId, name }, before: null },
      { action: 'version.created', object: { kind: 'version', id: versionId }, before: null },
      { action: 'version.deployed', object: { kind: 'version', id: versionId, name: `${name}, version 1` }, changed: ['state'] },
    ]);
  });
});
