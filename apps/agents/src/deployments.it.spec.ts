import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Kvm } from '@nats-io/kv';
import { connect } from '@nats-io/transport-node';
import { DEPLOYMENT_BUCKET } from '@patchbay/contracts/agents';
import { newId } from '@patchbay/service-kit/identity/new-id';
import { startNats } from '@patchbay/testing/nats-server';
import {
  anotherOrganizationId,
  checkOrder,
  Feed,
  organizationId,
  runAgents,
  type RunningAgents,
} from '../testing/running-agents.ts';
import { PublishDeployments } from './loops/publish-deployments.ts';

let running: RunningAgents;
beforeAll(async () => {
  running = await runAgents();
});
afterAll(() => running?.stop());

describe('deploy a version', () => {
  it('publishes the compiled version and which agent it answers for', async () => {
    const { agentId, name } = await running.anAgent();
    const { versionId } = await running.aVersion(agentId);

    const deployed = await running.client.deployVersion({ organizationId, agentId, versionId });

    expect(deployed).toMatchObject({ versionId, state: 'deployed' });
    expect(await running.feed.deployment(agentId)).toEqual({ organizationId, agentId, name, versionId });
    expect(await running.feed.snapshot(versionId)).toMatchObject({
      agentName: name,
      instructions: 'Be brief.',
      functions: [
        {
          functionId: expect.stringMatching(/^fn_/),
          name: 'check_order',
          toolVersion: 1,
          connectionId: checkOrder.connectionId,
        },
      ],
    });
  });

  it('keeps the order of the parameters that a model reads', async () => {
    const { agentId } = await running.anAgent();
    const { versionId } = await running.aVersion(agentId);
    await running.client.deployVersion({ organizationId, agentId, versionId });

    const snapshot = await running.feed.snapshot(versionId);

    expect(JSON.stringify(snapshot?.functions[0]?.parameters)).toBe(JSON.stringify(running.catalog.tool.parameters));
  });

  it('retires the version before, whose snapshot stays for the calls that use it', async () => {
    const { agentId } = await running.anAgent();
    const first = await running.aVersion(agentId);
    const second = await running.aVersion(agentId);
    await running.client.deployVersion({ organizationId, agentId, versionId: first.versionId });

    await running.client.deployVersion({ organizationId, agentId, versionId: second.versionId });

    expect(await running.stateOf(agentId)).toEqual({
      deployedVersionId: second.versionId,
      states: ['deployed', 'retired'],
    });
    expect(await running.feed.snapshot(first.versionId)).toMatchObject({ versionId: first.versionId });
  });

  it('brings an older version back as it was compiled then', async () => {
    const { agentId } = await running.anAgent();
    const first = await running.aVersion(agentId);
    const second = await running.aVersion(agentId);
    await running.client.deployVersion({ organizationId, agentId, versionId: first.versionId });
    await running.client.deployVersion({ organizationId, agentId, versionId: second.versionId });
    const before = await running.feed.snapshot(first.versionId);
    const { tool } = running.catalog;
    running.catalog.tool = { ...tool, version: 2, description: 'Changed since.' };

    await running.client.deployVersion({ organizationId, agentId, versionId: first.versionId });
    running.catalog.tool = tool;

    expect(await running.stateOf(agentId)).toEqual({
      deployedVersionId: first.versionId,
      states: ['retired', 'deployed'],
    });
    expect(await running.feed.deployment(agentId)).toMatchObject({ versionId: first.versionId });
    expect(await running.feed.snapshot(first.versionId)).toEqual(before);
  });

  it('changes nothing when the version is deployed already', async () => {
    const { agentId } = await running.anAgent();
    const { versionId } = await running.aVersion(agentId);
    await running.client.deployVersion({ organizationId, agentId, versionId });

    const again = await running.client.deployVersion({ organizationId, agentId, versionId });

    expect(again.state).toBe('deployed');
    expect(await running.stateOf(agentId)).toEqual({ deployedVersionId: versionId, states: ['deployed'] });
  });

  it('leaves one version deployed, the published one, when several are deployed at once', async () => {
    const { agentId } = await running.anAgent();
    const versions = await Promise.all(Array.from({ length: 5 }, () => running.aVersion(agentId)));

    await Promise.all(
      versions.map(({ versionId }) => running.client.deployVersion({ organizationId, agentId, versionId })),
    );

    const { deployedVersionId, states } = await running.stateOf(agentId);
    expect(states.sort()).toEqual(['deployed', 'retired', 'retired', 'retired', 'retired']);
    expect(await running.feed.deployment(agentId)).toMatchObject({ versionId: deployedVersionId! });
  });

  it('refuses a version whose tool or connection is missing, and leaves it a draft', async () => {
    const { agentId } = await running.anAgent();
    const functions = [checkOrder, { name: 'refund', toolId: newId('tool'), connectionId: newId('connection') }];
    const { versionId } = await running.client.createVersion({ organizationId, agentId, instructions: '', functions });

    const attempt = running.client.deployVersion({ organizationId, agentId, versionId });

    await expect(attempt).rejects.toMatchObject({
      code: 'failed_precondition',
      details: {
        fields: [
          { path: 'functions.1.toolId', problem: expect.stringContaining('does not exist') },
          { path: 'functions.1.connectionId', problem: expect.stringContaining('does not exist') },
        ],
      },
    });
    expect(await running.stateOf(agentId)).toEqual({ deployedVersionId: null, states: ['draft'] });
  });

  it('hands calls to agents of the organization only, by id or by name', async () => {
    const { agentId } = await running.anAgent();
    const other = await running.anAgent();
    const stranger = await running.client.createAgent({ organizationId: anotherOrganizationId, name: 'Stranger' });
    const deployWith = async (...to: string[]) => {
      const targets = to.map((agent) => ({ name: agent, kind: 'agent' as const, to: agent }));
      const functions = [{ name: 'hand_over', callControl: { action: 'transfer' as const, targets } }];
      const { versionId } = await running.client.createVersion({ organizationId, agentId, instructions: '', functions });
      await running.client.deployVersion({ organizationId, agentId, versionId });
      return running.feed.snapshot(versionId);
    };

    const snapshot = await deployWith(other.agentId, other.name);

    expect(snapshot?.functions).toMatchObject([
      { effect: 'call_control', parameters: { properties: { destination: { enum: [other.agentId, other.name] } } } },
    ]);
    for (const unknown of [stranger.agentId, stranger.name]) {
      await expect(deployWith(other.name, unknown)).rejects.toMatchObject({
        code: 'failed_precondition',
        details: { fields: [{ path: 'functions.0.callControl.targets.1.to' }] },
      });
    }
  });

  it("does not find another organization's version, nor one of another agent", async () => {
    const { agentId } = await running.anAgent();
    const { versionId } = await running.aVersion(agentId);
    const other = await running.anAgent();

    const deployAs = (scope: { organizationId: string; agentId: string }) =>
      running.client.deployVersion({ ...scope, versionId });

    await expect(deployAs({ organizationId: anotherOrganizationId, agentId })).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(deployAs({ organizationId, agentId: other.agentId })).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('publishing', () => {
  it('catches up with what was committed and not published', async () => {
    const { agentId } = await running.anAgent();
    const { versionId } = await running.aVersion(agentId);
    await running.client.deployVersion({ organizationId, agentId, versionId });
    await running.feed.snapshots.purge(`${organizationId}.${versionId}`);
    await running.feed.deployments.purge(`${organizationId}.${agentId}`);
    const { database } = running;
    await database.query('update agent_versions set published_at = null where version_id = $1', [versionId]);

    await running.service.app.get(PublishDeployments).tick();

    expect(await running.feed.snapshot(versionId)).toMatchObject({ versionId });
    expect(await running.feed.deployment(agentId)).toMatchObject({ versionId });
    const [row] = await database.query<{ published_at: Date | null }>(
      'select published_at from agent_versions where version_id = $1',
      [versionId],
    );
    expect(row?.published_at).toBeInstanceOf(Date);
  });

  it('fills an empty feed again at a start, and corrects one that is behind', async () => {
    const { agentId, name } = await running.anAgent();
    const { versionId } = await running.aVersion(agentId);
    await running.client.deployVersion({ organizationId, agentId, versionId });
    const emptyServer = await startNats();
    const nats = await connect({ servers: emptyServer.url });
    const behind = await new Kvm(nats).create(DEPLOYMENT_BUCKET, { history: 1 });
    const old = { organizationId, agentId, name, versionId: 'ver_old' };
    await behind.put(`${organizationId}.${agentId}`, JSON.stringify(old));

    const second = await running.startOn(emptyServer.url);
    await second.app.get(PublishDeployments).tick();

    const feed = await Feed.of(nats);
    expect(await feed.deployment(agentId)).toMatchObject({ versionId });
    expect(await feed.snapshot(versionId)).toMatchObject({ versionId });
    await nats.drain();
    await second.stop();
    await emptyServer.stop();
  });
});
