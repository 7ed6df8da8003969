import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inspectWalls } from '@patchbay/testing/inspect-walls';
import { actingAs, byKey } from '../testing/acting-as.ts';
import { runCredentials, type RunningCredentials } from '../testing/running-credentials.ts';

let running: RunningCredentials;

beforeAll(async () => {
  running = await runCredentials();
});

afterAll(() => running?.stop());

describe('the database of the credentials', () => {
  it("keeps organizations apart with none of the service's own filters", async () => {
    const { client, database } = running;
    const [ours, theirs] = [await client.createOrganization({ name: 'Ours' }), await client.createOrganization({ name: 'Theirs' })];
    for (const { organizationId, apiKey } of [ours, theirs]) {
      const key = byKey((await client.identify({ apiKey })).apiKeyId);
      await client.createConnection({ organizationId, name: 'Shop', provider: 'http', kind: 'bearer', secret: 'a-secret-of-one' });
      await client.createEdge({ organizationId, name: 'Node' });
      await actingAs(key, () => client.invitePerson({ organizationId, email: 'someone@example.com', role: 'viewer' }));
    }

    const walls = await inspectWalls(database, ours.organizationId);

    expect(walls).toMatchObject({ faults: [], shared: ['sign_in_attempts', 'sign_ins'] });
    expect(walls.tried).toEqual(
      expect.arrayContaining(['api_keys', 'audit_entries', 'connection_secrets', 'connections', 'edge_credentials', 'edges', 'organizations', 'people']),
    );
  });
});
