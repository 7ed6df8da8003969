import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Kvm, type KV } from '@nats-io/kv';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { AGENT_SNAPSHOT_BUCKET, agents, type AgentSnapshot, DEPLOYMENT_BUCKET, type Deployment } from '@patchbay/contracts/agents';
import { catalog, type Tool } from '@patchbay/contracts/catalog';
import { credentials } from '@patchbay/contracts/credentials';
import { ServiceError } from '@patchbay/contracts/errors';
import { startService, type RunningService } from '@patchbay/service-kit/bootstrap/start-service';
import { loadEnv } from '@patchbay/service-kit/config/env';
import { newId } from '@patchbay/service-kit/identity/new-id';
import { clientFor, type ClientOf } from '@patchbay/service-kit/messaging/client';
import { fakeService } from '@patchbay/testing/fake-service';
import { startNats, type TestNats } from '@patchbay/testing/nats-server';
import { createTestDatabase, type TestDatabase } from '@patchbay/testing/test-database';
import { DataSource } from 'typeorm';
import { Env } from './env.ts';
import { PublishDeployments } from './loops/publish-deployments.ts';
import { define } from './service.ts';

let database: TestDatabase;
let server: TestNats;
let service: RunningService;
let nats: NatsConnection;
let client: ClientOf<typeof agents>;
let snapshots: KV;
let deployments: KV;

const organizationId = newId('organization');
const anotherOrganizationId = newId('organization');
const toolId = newId('tool');
const connectionId = newId('connection');
/** What the catalog answers; a test that changes it puts it back. */
let tool: Tool;

const startOn = (natsUrl: string) =>
  startService(
    define(loadEnv('agents', Env, { DATABASE_URL: database.url, NATS_URL: natsUrl, AGENTS_PORT: '0', LOG_LEVEL: 'silent' })),
  );

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startNats();
  service = await startOn(server.url);
  nats = await connect({ servers: server.url });
  client = clientFor(nats, agents);
  snapshots = await new Kvm(nats).open(AGENT_SNAPSHOT_BUCKET);
  deployments = await new Kvm(nats).open(DEPLOYMENT_BUCKET);
  tool = {
    toolId,
    version: 1,
    name: 'Orders',
    description: 'Looks an order up.',
    effect: 'read',
    parameters: { type: 'object', properties: { zebra: { type: 'string' }, a: { type: 'string' } } },
    http: { method: 'GET', url: 'https://example.com/orders' },
    timeoutMs: 8_000,
    createdAt: new Date().toISOString(),
  };
  fakeService(nats, catalog, { getTool: async (input) => known(input.organizationId === organizationId && input.toolId === toolId, tool) });
  fakeService(nats, credentials, {
    getConnection: async (input) =>
      known(input.connectionId === connectionId, {
        connectionId,
        name: 'Shop',
        provider: 'http',
        kind: 'bearer',
        hint: 'cdef',
        version: 1,
        createdAt: new Date().toISOString(),
      }),
  });
});

afterAll(async () => {
  await nats?.drain();
  await service?.stop();
  await server?.stop();
  await database?.drop();
});

function known<T>(exists: boolean, value: T): T {
  if (exists) return value;
  throw new ServiceError('not_found', 'There is no such thing.');
}

const checkOrder = { name: 'check_order', toolId, connectionId };
let made = 0;
const anAgent = () => client.createAgent({ organizationId, name: `Agent ${++made}` });
const aVersion = (agentId: string) => client.createVersion({ organizationId, agentId, instructions: 'Be brief.', functions: [checkOrder] });
const stateOf = async (agentId: string) => {
  const { deployedVersionId, versions } = await client.getAgent({ organizationId, agentId });
  return { deployedVersionId, states: versions.map(({ state }) => state) };
};
const snapshotOf = async (bucket: KV, versionId: string) => (await bucket.get(`${organizationId}.${versionId}`))?.json<AgentSnapshot>();
const deploymentOf = async (bucket: KV, agentId: string) => (await bucket.get(`${organizationId}.${agentId}`))?.json<Deployment>();

describe('create an agent', () => {
  it('answers an agent that takes no calls yet', async () => {
    expect(await client.createAgent({ organizationId, name: '  Front desk ' })).toEqual({
      agentId: expect.stringMatching(/^agt_/),
      name: 'Front desk',
      deployedVersionId: null,
      createdAt: expect.any(String),
    });
  });

  it('refuses a name that the organization uses already', async () => {
    const { name } = await anAgent();

    await expect(client.createAgent({ organizationId, name })).rejects.toMatchObject({
      code: 'conflict',
      details: { fields: [{ path: 'name', problem: 'is taken' }] },
    });
    await expect(client.createAgent({ organizationId: anotherOrganizationId, name })).resolves.toMatchObject({ name });
  });

  it('names a field that does not match the contract', async () => {
    await expect(client.createAgent({ organizationId, name: ' ' })).rejects.toMatchObject({
      code: 'invalid_arguments',
      details: { fields: [{ path: 'name', problem: expect.any(String) }] },
    });
  });
});

describe('get an agent', () => {
  it('answers its versions, newest first', async () => {
    const { agentId } = await anAgent();
    await aVersion(agentId);
    await aVersion(agentId);

    const { versions } = await client.getAgent({ organizationId, agentId });

    expect(versions.map(({ number, state }) => ({ number, state }))).toEqual([
      { number: 2, state: 'draft' },
      { number: 1, state: 'draft' },
    ]);
  });

  it("does not find another organization's agent", async () => {
    const { agentId } = await anAgent();

    const attempt = client.getAgent({ organizationId: anotherOrganizationId, agentId });

    await expect(attempt).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('list agents', () => {
  it("answers the organization's own, by name", async () => {
    const scope = { organizationId: newId('organization') };
    await client.createAgent({ ...scope, name: 'B' });
    await client.createAgent({ ...scope, name: 'A' });

    const { agents: listed } = await client.listAgents(scope);

    expect(listed.map(({ name }) => name)).toEqual(['A', 'B']);
  });
});

describe('create a version', () => {
  it('answers a draft with the defaults filled in', async () => {
    const { agentId } = await anAgent();

    expect(await client.createVersion({ organizationId, agentId, instructions: 'Be brief.' })).toEqual({
      versionId: expect.stringMatching(/^ver_/),
      agentId,
      number: 1,
      state: 'draft',
      instructions: 'Be brief.',
      functions: [],
      turnBudgetMs: 8_000,
      maxDurationMs: 3_600_000,
      inactivity: { checkInAfterMs: 10_000, maxCheckIns: 2, endAfterMs: 30_000 },
      createdAt: expect.any(String),
    });
  });

  it('numbers versions made at once without a gap', async () => {
    const { agentId } = await anAgent();

    const versions = await Promise.all(Array.from({ length: 8 }, () => aVersion(agentId)));

    expect(versions.map(({ number }) => number).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('refuses two functions with one name', async () => {
    const { agentId } = await anAgent();

    const attempt = client.createVersion({ organizationId, agentId, instructions: '', functions: [checkOrder, checkOrder] });

    await expect(attempt).rejects.toMatchObject({
      code: 'invalid_arguments',
      details: { fields: [{ path: 'functions.1.name', problem: 'is the name of functions.0 too' }] },
    });
  });

  it('names the part of a function that does not match the contract', async () => {
    const { agentId } = await anAgent();
    const functions = [{ name: 'check order', toolId }];

    await expect(client.createVersion({ organizationId, agentId, instructions: '', functions })).rejects.toMatchObject({
      code: 'invalid_arguments',
      details: { fields: [{ path: 'functions.0.name', problem: 'is not 1 to 64 letters, digits, _ or -' }] },
    });
  });

  it("does not find another organization's agent", async () => {
    const { agentId } = await anAgent();

    const attempt = client.createVersion({ organizationId: anotherOrganizationId, agentId, instructions: '' });

    await expect(attempt).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('deploy a version', () => {
  it('publishes the compiled version and which agent it answers for', async () => {
    const { agentId, name } = await anAgent();
    const { versionId } = await aVersion(agentId);

    const deployed = await client.deployVersion({ organizationId, agentId, versionId });

    expect(deployed).toMatchObject({ versionId, state: 'deployed' });
    expect(await deploymentOf(deployments, agentId)).toEqual({ organizationId, agentId, name, versionId });
    expect(await snapshotOf(snapshots, versionId)).toMatchObject({
      agentName: name,
      instructions: 'Be brief.',
      functions: [{ functionId: expect.stringMatching(/^fn_/), name: 'check_order', toolVersion: 1, connectionId }],
    });
  });

  it('keeps the order of the parameters that a model reads', async () => {
    const { agentId } = await anAgent();
    const { versionId } = await aVersion(agentId);
    await client.deployVersion({ organizationId, agentId, versionId });

    const snapshot = await snapshotOf(snapshots, versionId);

    expect(JSON.stringify(snapshot?.functions[0]?.parameters)).toBe(JSON.stringify(tool.parameters));
  });

  it('retires the version before, whose snapshot stays for the calls that use it', async () => {
    const { agentId } = await anAgent();
    const first = await aVersion(agentId);
    const second = await aVersion(agentId);
    await client.deployVersion({ organizationId, agentId, versionId: first.versionId });

    await client.deployVersion({ organizationId, agentId, versionId: second.versionId });

    expect(await stateOf(agentId)).toEqual({ deployedVersionId: second.versionId, states: ['deployed', 'retired'] });
    expect(await snapshotOf(snapshots, first.versionId)).toMatchObject({ versionId: first.versionId });
  });

  it('brings an older version back as it was compiled then', async () => {
    const { agentId } = await anAgent();
    const first = await aVersion(agentId);
    const second = await aVersion(agentId);
    await client.deployVersion({ organizationId, agentId, versionId: first.versionId });
    await client.deployVersion({ organizationId, agentId, versionId: second.versionId });
    const before = await snapshotOf(snapshots, first.versionId);
    tool = { ...tool, version: 2, description: 'Changed since.' };

    await client.deployVersion({ organizationId, agentId, versionId: first.versionId });
    tool = { ...tool, version: 1 };

    expect(await stateOf(agentId)).toEqual({ deployedVersionId: first.versionId, states: ['retired', 'deployed'] });
    expect(await deploymentOf(deployments, agentId)).toMatchObject({ versionId: first.versionId });
    expect(await snapshotOf(snapshots, first.versionId)).toEqual(before);
  });

  it('changes nothing when the version is deployed already', async () => {
    const { agentId } = await anAgent();
    const { versionId } = await aVersion(agentId);
    await client.deployVersion({ organizationId, agentId, versionId });

    const again = await client.deployVersion({ organizationId, agentId, versionId });

    expect(again.state).toBe('deployed');
    expect(await stateOf(agentId)).toEqual({ deployedVersionId: versionId, states: ['deployed'] });
  });

  it('leaves one version deployed, the published one, when several are deployed at once', async () => {
    const { agentId } = await anAgent();
    const versions = await Promise.all(Array.from({ length: 5 }, () => aVersion(agentId)));

    await Promise.all(versions.map(({ versionId }) => client.deployVersion({ organizationId, agentId, versionId })));

    const { deployedVersionId, states } = await stateOf(agentId);
    expect(states.sort()).toEqual(['deployed', 'retired', 'retired', 'retired', 'retired']);
    expect(await deploymentOf(deployments, agentId)).toMatchObject({ versionId: deployedVersionId });
  });

  it('refuses a version whose tool or connection is missing, and leaves it a draft', async () => {
    const { agentId } = await anAgent();
    const functions = [checkOrder, { name: 'refund', toolId: newId('tool'), connectionId: newId('connection') }];
    const { versionId } = await client.createVersion({ organizationId, agentId, instructions: '', functions });

    const attempt = client.deployVersion({ organizationId, agentId, versionId });

    await expect(attempt).rejects.toMatchObject({
      code: 'failed_precondition',
      details: {
        fields: [
          { path: 'functions.1.toolId', problem: expect.stringContaining('does not exist') },
          { path: 'functions.1.connectionId', problem: expect.stringContaining('does not exist') },
        ],
      },
    });
    expect(await stateOf(agentId)).toEqual({ deployedVersionId: null, states: ['draft'] });
  });

  it("does not find another organization's version, nor one of another agent", async () => {
    const { agentId } = await anAgent();
    const { versionId } = await aVersion(agentId);
    const other = await anAgent();

    const foreign = client.deployVersion({ organizationId: anotherOrganizationId, agentId, versionId });
    const misplaced = client.deployVersion({ organizationId, agentId: other.agentId, versionId });

    await expect(foreign).rejects.toMatchObject({ code: 'not_found' });
    await expect(misplaced).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('publishing', () => {
  it('catches up with what was committed and not published', async () => {
    const { agentId } = await anAgent();
    const { versionId } = await aVersion(agentId);
    await client.deployVersion({ organizationId, agentId, versionId });
    await snapshots.purge(`${organizationId}.${versionId}`);
    await deployments.purge(`${organizationId}.${agentId}`);
    const source = service.app.get(DataSource);
    await source.query('update agent_versions set published_at = null where version_id = $1', [versionId]);

    await service.app.get(PublishDeployments).tick();

    expect(await snapshotOf(snapshots, versionId)).toMatchObject({ versionId });
    expect(await deploymentOf(deployments, agentId)).toMatchObject({ versionId });
    const [row]: { published_at: Date | null }[] = await source.query('select published_at from agent_versions where version_id = $1', [versionId]);
    expect(row?.published_at).toBeInstanceOf(Date);
  });

  it('fills an empty feed again at a start, and corrects one that is behind', async () => {
    const { agentId, name } = await anAgent();
    const { versionId } = await aVersion(agentId);
    await client.deployVersion({ organizationId, agentId, versionId });
    const emptyServer = await startNats();
    const connection = await connect({ servers: emptyServer.url });
    const behind = await new Kvm(connection).create(DEPLOYMENT_BUCKET, { history: 1 });
    await behind.put(`${organizationId}.${agentId}`, JSON.stringify({ organizationId, agentId, name, versionId: 'ver_old' }));

    const second = await startOn(emptyServer.url);
    await second.app.get(PublishDeployments).tick();

    expect(await deploymentOf(behind, agentId)).toMatchObject({ versionId });
    expect(await snapshotOf(await new Kvm(connection).open(AGENT_SNAPSHOT_BUCKET), versionId)).toMatchObject({ versionId });
    await connection.drain();
    await second.stop();
    await emptyServer.stop();
  });
});
