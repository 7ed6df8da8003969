import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@patchbay/service-kit/identity/new-id';
import {
  anotherOrganizationId,
  checkOrder,
  organizationId,
  runAgents,
  type RunningAgents,
} from '../testing/running-agents.ts';

let running: RunningAgents;
beforeAll(async () => {
  running = await runAgents();
});
afterAll(() => running?.stop());

describe('create an agent', () => {
  it('answers an agent that takes no calls yet', async () => {
    expect(await running.client.createAgent({ organizationId, name: '  Front desk ' })).toEqual({
      agentId: expect.stringMatching(/^agt_/),
      name: 'Front desk',
      deployedVersionId: null,
      createdAt: expect.any(String),
    });
  });

  it('refuses a name that the organization uses already', async () => {
    const { name } = await running.anAgent();

    await expect(running.client.createAgent({ organizationId, name })).rejects.toMatchObject({
      code: 'conflict',
      details: { fields: [{ path: 'name', problem: 'is taken' }] },
    });
    await expect(running.client.createAgent({ organizationId: anotherOrganizationId, name })).resolves.toMatchObject({
      name,
    });
  });

  it('names a field that does not match the contract', async () => {
    await expect(running.client.createAgent({ organizationId, name: ' ' })).rejects.toMatchObject({
      code: 'invalid_arguments',
      details: { fields: [{ path: 'name', problem: expect.any(String) }] },
    });
  });
});

describe('get an agent', () => {
  it('answers its versions, newest first', async () => {
    const { agentId } = await running.anAgent();
    await running.aVersion(agentId);
    await running.aVersion(agentId);

    const { versions } = await running.client.getAgent({ organizationId, agentId });

    expect(versions.map(({ number, state }) => ({ number, state }))).toEqual([
      { number: 2, state: 'draft' },
      { number: 1, state: 'draft' },
    ]);
  });

  it("does not find another organization's agent", async () => {
    const { agentId } = await running.anAgent();

    const attempt = running.client.getAgent({ organizationId: anotherOrganizationId, agentId });

    await expect(attempt).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('list agents', () => {
  it("answers the organization's own, by name", async () => {
    const scope = { organizationId: newId('organization') };
    await running.client.createAgent({ ...scope, name: 'B' });
    await running.client.createAgent({ ...scope, name: 'A' });

    const { agents: listed } = await running.client.listAgents(scope);

    expect(listed.map(({ name }) => name)).toEqual(['A', 'B']);
  });
});

describe('create a version', () => {
  it('answers a draft with the defaults filled in', async () => {
    const { agentId } = await running.anAgent();

    expect(await running.client.createVersion({ organizationId, agentId, instructions: 'Be brief.' })).toEqual({
      versionId: expect.stringMatching(/^ver_/),
      agentId,
      number: 1,
      state: 'draft',
      instructions: 'Be brief.',
      functions: [],
      speech: { language: 'en', region: 'US', timeZone: 'UTC' },
      turnBudgetMs: 8_000,
      maxDurationMs: 3_600_000,
      inactivity: { checkInAfterMs: 10_000, maxCheckIns: 2, endAfterMs: 30_000 },
      createdAt: expect.any(String),
    });
  });

  it('numbers versions made at once without a gap', async () => {
    const { agentId } = await running.anAgent();

    const versions = await Promise.all(Array.from({ length: 8 }, () => running.aVersion(agentId)));

    expect(versions.map(({ number }) => number).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('takes instructions with characters that PostgreSQL does not', async () => {
    const { agentId } = await running.anAgent();

    const version = await running.client.createVersion({ organizationId, agentId, instructions: 'a\0b' });

    expect(version.instructions).toBe('a\ufffdb');
  });

  it('refuses two functions with one name', async () => {
    const { agentId } = await running.anAgent();

    const attempt = running.client.createVersion({
      organizationId,
      agentId,
      instructions: '',
      functions: [checkOrder, checkOrder],
    });

    await expect(attempt).rejects.toMatchObject({
      code: 'invalid_arguments',
      details: { fields: [{ path: 'functions.1.name', problem: 'is the name of functions.0 too' }] },
    });
  });

  it('keeps how people speak and what each function adds to its tool', async () => {
    const { agentId } = await running.anAgent();
    const speech = { language: 'de', region: 'DE', timeZone: 'Europe/Berlin' } as const;
    const rules = { static: { zebra: 'z' }, speak: { waiting: ['Moment.'] }, confirmation: { readBack: 'Ja?' } };
    const functions = [
      { ...checkOrder, ...rules },
      { name: 'press', callControl: { action: 'send_dtmf' as const } },
    ];

    const made = await running.client.createVersion({ organizationId, agentId, instructions: '', speech, functions });

    expect(made).toMatchObject({ speech, functions });
    expect((await running.client.getAgent({ organizationId, agentId })).versions).toEqual([made]);
  });

  it.each([
    ['both a tool and an action of the call', { ...checkOrder, callControl: { action: 'end_call' as const } }],
    ['neither', { name: 'nothing' }],
  ])('refuses a function with %s', async (_what, one) => {
    const { agentId } = await running.anAgent();

    await expect(
      running.client.createVersion({ organizationId, agentId, instructions: '', functions: [one] }),
    ).rejects.toMatchObject({
      code: 'invalid_arguments',
      details: { fields: [{ path: 'functions.0.toolId', problem: 'or callControl must be given, and not both' }] },
    });
  });

  it('refuses a number that nobody can call', async () => {
    const { agentId } = await running.anAgent();
    const targets = [{ name: 'desk', kind: 'phone' as const, to: '0800 desk' }];
    const functions = [{ name: 'to_desk', callControl: { action: 'transfer' as const, targets } }];

    await expect(
      running.client.createVersion({ organizationId, agentId, instructions: '', functions }),
    ).rejects.toMatchObject({
      code: 'invalid_arguments',
      details: { fields: [{ path: 'functions.0.callControl.targets.0.to', problem: expect.any(String) }] },
    });
  });

  it('names the part of a function that does not match the contract', async () => {
    const { agentId } = await running.anAgent();
    const functions = [{ ...checkOrder, name: 'check order' }];

    await expect(
      running.client.createVersion({ organizationId, agentId, instructions: '', functions }),
    ).rejects.toMatchObject({
      code: 'invalid_arguments',
      details: { fields: [{ path: 'functions.0.name', problem: 'is not 1 to 64 letters, digits, _ or -' }] },
    });
  });

  it("does not find another organization's agent", async () => {
    const { agentId } = await running.anAgent();

    const attempt = running.client.createVersion({ organizationId: anotherOrganizationId, agentId, instructions: '' });

    await expect(attempt).rejects.toMatchObject({ code: 'not_found' });
  });
});
