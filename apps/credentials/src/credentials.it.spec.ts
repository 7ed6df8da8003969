import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Status } from '@nats-io/transport-node';
import { PERMISSIONS } from '@patchbay/contracts/permissions';
import { Secret } from '@patchbay/service-kit/config/secret';
import { acrossOrganizations } from '@patchbay/service-kit/database/organization';
import { newId } from '@patchbay/service-kit/identity/new-id';
import { OrganizationRepository } from './outside/organization.repository.ts';
import { CreateFirstOrganization } from './use-cases/create-first-organization.ts';
import { FIRST_API_KEY, runCredentials, type RunningCredentials } from '../testing/running-credentials.ts';

let running: RunningCredentials;
beforeAll(async () => {
  running = await runCredentials();
});
afterAll(() => running.stop());

/** Resolves when a statement on our database waits for a lock. */
async function someoneWaits(): Promise<void> {
  const waiting = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  while ((await running.query(waiting)).length === 0);
}

/** The server may tell other things first: what it knows of itself comes again after a connection is made. */
async function firstErrorOf(statuses: AsyncIterable<Status>): Promise<string> {
  for await (const status of statuses) if (status.type === 'error') return String(status.error);
  throw new Error('The connection ended without an error.');
}

const newOrganization = async (name: string) => (await running.client.createOrganization({ name })).organizationId;
const field = (path: string) => ({
  code: 'invalid_arguments',
  details: { fields: expect.arrayContaining([expect.objectContaining({ path })]) },
});

describe('the first start', () => {
  it('makes the organization "default" with the operator\'s key', async () => {
    const caller = await running.client.identify({ apiKey: FIRST_API_KEY });

    expect(caller).toEqual({
      organizationId: expect.stringMatching(/^org_/),
      apiKeyId: 'key_0123456789abcdef',
      role: 'operator',
      personId: null,
      name: 'first key',
      permissions: PERMISSIONS,
    });
  });

  it('makes it once when two instances start at the same time', async () => {
    await running.query('delete from api_keys; delete from organizations');
    const [creation, organizations] = [
      running.service.app.get(CreateFirstOrganization),
      running.service.app.get(OrganizationRepository),
    ];

    const second = await acrossOrganizations(running.source, async (first) => {
      await organizations.lockFirst(first);
      const waiting = creation.run({ apiKey: new Secret(FIRST_API_KEY), ownerEmail: null });
      await someoneWaits();
      await organizations.insert(first, { org_id: newId('organization'), name: 'default', created_at: new Date() });
      return { waiting };
    });
    await second.waiting;

    expect(await running.query('select name from organizations')).toEqual([{ name: 'default' }]);
    expect(await running.query('select * from api_keys')).toEqual([]);
  });

  it('finds it made at every later start', async () => {
    const again = await running.startSecond();
    await again.stop();

    expect(await running.query('select name from organizations')).toEqual([{ name: 'default' }]);
  });

  it('is over once an organization exists: another first key opens nothing', async () => {
    const other = FIRST_API_KEY.replaceAll('s', 't');

    const second = await running.startSecond({ CREDENTIALS_FIRST_API_KEY: other });
    await second.stop();

    await expect(running.client.identify({ apiKey: other })).rejects.toMatchObject({ code: 'unauthenticated' });
  });
});

describe('createOrganization', () => {
  it('answers with a member key that speaks for the new organization', async () => {
    const { organizationId, name, apiKey } = await running.client.createOrganization({ name: ' Clinic ' });

    expect(name).toBe('Clinic');
    expect(await running.client.identify({ apiKey })).toMatchObject({ organizationId, role: 'member' });
  });

  it('stores the key only as a hash', async () => {
    const { organizationId, apiKey } = await running.client.createOrganization({ name: 'Hashed' });
    const [row] = await running.query<{ hash: Buffer }>('select * from api_keys where org_id = $1', [organizationId]);

    expect(row!.hash).toHaveLength(32);
    expect(JSON.stringify(row)).not.toContain(apiKey.slice(-20));
  });

  it('refuses a second organization with the same name', async () => {
    await running.client.createOrganization({ name: 'Twice' });

    await expect(running.client.createOrganization({ name: 'Twice' })).rejects.toMatchObject({
      code: 'conflict',
      details: { fields: [{ path: 'name', problem: 'is taken' }] },
    });
  });

  it('refuses an empty name', async () => {
    await expect(running.client.createOrganization({ name: '  ' })).rejects.toMatchObject(field('name'));
  });
});

describe('identify', () => {
  it('refuses what is unknown, wrong or malformed with the same words', async () => {
    const unknown = FIRST_API_KEY.replace('0123456789abcdef', 'fedcba9876543210');
    const wrong = FIRST_API_KEY.replace('ss', 'st');
    const refusals = await Promise.all(
      [unknown, wrong, 'letmein', '', '\u0000'].map((apiKey) =>
        running.client.identify({ apiKey }).catch((error: unknown) => error),
      ),
    );

    expect(refusals).toHaveLength(5);
    for (const refusal of refusals)
      expect(refusal).toMatchObject({ code: 'unauthenticated', message: 'The API key is not valid.' });
  });

  it('refuses a key of unreasonable length', async () => {
    await expect(running.client.identify({ apiKey: 'x'.repeat(201) })).rejects.toMatchObject(field('apiKey'));
  });
});

describe('createEdge', () => {
  it("answers with credentials that NATS accepts below the edge's own prefix", async () => {
    const organizationId = await newOrganization('Edges that connect');
    const edge = await running.client.createEdge({ organizationId, name: 'Front desk' });
    const node = await running.connectAs(edge.credentials, { inboxPrefix: `_INBOX_${edge.edgeId}` });
    const turns = running.nats.subscribe(`edge.v1.${organizationId}.${edge.edgeId}.turn`, {
      callback: (_error, message) => void message.respond('{}'),
    });
    await running.nats.flush();

    const reply = await node.request(`edge.v1.${organizationId}.${edge.edgeId}.turn`, '{}', { timeout: 5_000 });

    expect(reply.string()).toBe('{}');
    expect(edge.natsUrl).toBe(running.env.NATS_URL);
    turns.unsubscribe();
    await node.close();
  });

  it('lets it publish nothing for another edge, organization or service', async () => {
    const organizationId = await newOrganization('Edges that stay');
    const { edgeId, credentials } = await running.client.createEdge({ organizationId, name: 'Front desk' });
    const foreign = [
      `edge.v1.${organizationId}.edge_other.turn`,
      `edge.v1.org_other.${edgeId}.turn`,
      `call.v1.${organizationId}.${edgeId}.ses_1.result`,
      'credentials.v1.resolve_connection',
      '$JS.API.INFO',
    ];
    const refused: string[] = [];
    const node = await running.connectAs(credentials, { inboxPrefix: `_INBOX_${edgeId}` });

    for (const subject of foreign) {
      const statuses = node.status();
      node.publish(subject, '{}');
      refused.push(await firstErrorOf(statuses));
    }

    expect(refused).toEqual(foreign.map((subject) => expect.stringContaining(subject)));
    await node.close();
  });

  it('lets it listen to its own calls and inbox only', async () => {
    const organizationId = await newOrganization('Edges that listen');
    const { edgeId, credentials } = await running.client.createEdge({ organizationId, name: 'Front desk' });
    const node = await running.connectAs(credentials, { inboxPrefix: `_INBOX_${edgeId}` });
    const own = node.subscribe(`call.v1.${organizationId}.${edgeId}.>`, { max: 1 });
    await node.flush();
    running.nats.publish(`call.v1.${organizationId}.${edgeId}.ses_1.result`, 'mine');

    const others = ['>', `call.v1.${organizationId}.>`, '_INBOX_edge_other.>'].map((subject) =>
      node.subscribe(subject),
    );
    const refusals = await Promise.all(others.map((subscription) => subscription.closed));

    expect(refusals).toEqual(others.map(() => expect.objectContaining({ name: 'PermissionViolationError' })));
    expect((await own[Symbol.asyncIterator]().next()).value?.string()).toBe('mine');
    await node.close();
  });

  it('keeps the public key and nothing that could sign', async () => {
    const organizationId = await newOrganization('Edges at rest');
    const { edgeId, credentials } = await running.client.createEdge({ organizationId, name: 'Front desk' });
    const [row] = await running.query<{ nats_public_key: string }>('select * from edges where edge_id = $1', [edgeId]);

    expect(row!.nats_public_key).toMatch(/^U[A-Z2-7]{55}$/);
    expect(JSON.stringify(row)).not.toContain(/^SU\w+$/m.exec(credentials)![0]);
  });

  it('refuses a second edge with the same name, but not in another organization', async () => {
    const [first, second] = [await newOrganization('Edge names A'), await newOrganization('Edge names B')];
    await running.client.createEdge({ organizationId: first, name: 'Lobby' });

    await expect(running.client.createEdge({ organizationId: first, name: 'Lobby' })).rejects.toMatchObject({
      code: 'conflict',
    });
    await expect(running.client.createEdge({ organizationId: second, name: 'Lobby' })).resolves.toMatchObject({
      name: 'Lobby',
    });
  });

  it('refuses a malformed organization', async () => {
    await expect(running.client.createEdge({ organizationId: 'org_a.b', name: 'Lobby' })).rejects.toMatchObject(
      field('organizationId'),
    );
  });
});

describe('getEdge and listEdges', () => {
  it('show an edge to its own organization and to no other', async () => {
    const [own, other] = [await newOrganization('Edge owner'), await newOrganization('Edge stranger')];
    const { edgeId } = await running.client.createEdge({ organizationId: own, name: 'Lobby' });

    expect(await running.client.getEdge({ organizationId: own, edgeId })).toMatchObject({ edgeId, name: 'Lobby' });
    await expect(running.client.getEdge({ organizationId: other, edgeId })).rejects.toMatchObject({
      code: 'not_found',
    });
    expect((await running.client.listEdges({ organizationId: own })).edges).toHaveLength(1);
    expect((await running.client.listEdges({ organizationId: other })).edges).toEqual([]);
  });

  it('know no edge that was never made', async () => {
    const organizationId = await newOrganization('Edge seeker');

    await expect(running.client.getEdge({ organizationId, edgeId: newId('edge') })).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});
