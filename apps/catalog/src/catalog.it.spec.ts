import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { catalog } from '@patchbay/contracts/catalog';
import { newId } from '@patchbay/service-kit/identity/new-id';
import type { ClientOf } from '@patchbay/service-kit/messaging/client';
import { runCatalog, type RunningCatalog } from '../testing/running-catalog.ts';

let running: RunningCatalog;
let client: ClientOf<typeof catalog>;

beforeAll(async () => {
  running = await runCatalog();
  ({ client } = running);
});

afterAll(() => running?.stop());

const organizationId = newId('organization');
const anotherOrganizationId = newId('organization');

const aTool = (name: string) => ({
  organizationId,
  name,
  description: 'Looks an order up by its number.',
  effect: 'read' as const,
  parameters: { type: 'object', properties: { zebra: { type: 'string' }, a: { type: 'string' } }, required: ['zebra'] },
  http: { method: 'GET' as const, url: 'https://example.com/orders/{zebra}' },
});

async function versionsOf(toolId: string): Promise<number[]> {
  const rows = await running.database.query<{ version: number }>(
    'select version from tool_versions where org_id = $1 and tool_id = $2 order by version',
    [organizationId, toolId],
  );
  return rows.map(({ version }) => version);
}

describe('create a tool', () => {
  it('answers version 1 with its defaults', async () => {
    const { organizationId: _, ...definition } = aTool('create');

    const tool = await client.createTool(aTool('create'));

    expect(tool).toEqual({
      ...definition,
      toolId: expect.stringMatching(/^tool_/),
      version: 1,
      timeoutMs: 8_000,
      createdAt: expect.any(String),
    });
  });

  it('refuses a second tool with the same name', async () => {
    await client.createTool(aTool('twice'));

    await expect(client.createTool(aTool('twice'))).rejects.toMatchObject({
      code: 'conflict',
      details: { fields: [{ path: 'name', problem: 'is taken' }] },
    });
  });

  it('lets another organization use the name', async () => {
    await client.createTool(aTool('common name'));

    const tool = await client.createTool({ ...aTool('common name'), organizationId: anotherOrganizationId });

    expect(tool.version).toBe(1);
  });

  it('names every field that would make calls fail', async () => {
    const broken = {
      ...aTool('broken'),
      parameters: { type: 'array' },
      http: { method: 'GET' as const, url: 'https://example.com/{zebra}' },
    };

    await expect(client.createTool(broken)).rejects.toMatchObject({
      code: 'invalid_arguments',
      details: {
        fields: [
          { path: 'parameters.type', problem: 'must be "object"' },
          { path: 'http.url', problem: 'has {zebra}, which is not among the parameters' },
        ],
      },
    });
  });

  it('keeps every rule of a tool', async () => {
    const { organizationId: _, ...definition } = aTool('with rules');
    const rules = {
      effect: 'write.reversible' as const,
      timeoutMs: 600_000,
      expectedMs: 12_000,
      http: {
        method: 'POST' as const,
        url: 'https://example.com/orders/{zebra}',
        body: 'form' as const,
        places: { a: { in: 'header' as const, name: 'x-a' } },
        headers: { accept: 'application/json' },
      },
      response: { success: 'status == 201', pick: ['id'], say: 'Done.' },
      idempotency: { strategy: 'metadata_tag' as const, parameter: 'a' },
      verify: { http: { method: 'GET' as const, url: 'https://example.com/orders/{intentId}' }, done: 'status == 200' },
      poll: {
        http: { method: 'GET' as const, url: 'https://example.com/jobs/{id}' },
        everyMs: 1_000,
        maxMs: 20_000,
        done: 'body.done == true',
      },
      limits: { perMinute: 10, burst: 2, concurrent: 1 },
    };

    const { toolId, createdAt } = await client.createTool({ organizationId, ...definition, ...rules });

    const tool = await client.getTool({ organizationId, toolId });
    expect(tool).toEqual({ ...definition, ...rules, toolId, version: 1, createdAt });
  });

  it('asks for the effect of a tool and guesses none', async () => {
    const { effect: _, ...withoutEffect } = aTool('without effect');

    await expect(client.createTool(withoutEffect as never)).rejects.toMatchObject({
      code: 'invalid_arguments',
      details: { fields: [{ path: 'effect', problem: expect.any(String) }] },
    });
  });

  it('names the field that does not match the contract', async () => {
    await expect(client.createTool({ ...aTool('unknown effect'), effect: 'magic' as never })).rejects.toMatchObject({
      code: 'invalid_arguments',
      details: { fields: [{ path: 'effect', problem: expect.any(String) }] },
    });
  });
});

describe('update a tool', () => {
  it('makes the next version and keeps the one before as it was', async () => {
    const { toolId } = await client.createTool(aTool('first name'));

    const updated = await client.updateTool({ ...aTool('second name'), toolId, description: 'Changed.' });

    expect(updated).toMatchObject({ toolId, version: 2, name: 'second name', description: 'Changed.' });
    expect(await client.getTool({ organizationId, toolId, version: 1 })).toMatchObject({
      name: 'first name',
      version: 1,
    });
  });

  it('gives each of many updates at once a version of its own', async () => {
    const { toolId } = await client.createTool(aTool('busy'));

    const updates = Array.from({ length: 10 }, (_, at) =>
      client.updateTool({ ...aTool('busy'), toolId, timeoutMs: 1_000 + at }),
    );
    const tools = await Promise.all(updates);

    expect(new Set(tools.map(({ version }) => version)).size).toBe(10);
    expect(await versionsOf(toolId)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });

  it('refuses a name that is taken and makes no version', async () => {
    await client.createTool(aTool('owner of the name'));
    const { toolId } = await client.createTool(aTool('wants the name'));

    await expect(client.updateTool({ ...aTool('owner of the name'), toolId })).rejects.toMatchObject({
      code: 'conflict',
    });

    expect(await versionsOf(toolId)).toEqual([1]);
  });

  it('refuses a definition that could not be called and makes no version', async () => {
    const { toolId } = await client.createTool(aTool('stays sound'));
    const broken = {
      ...aTool('stays sound'),
      toolId,
      http: { method: 'GET' as const, url: 'https://example.com/?id={zebra}' },
    };

    await expect(client.updateTool(broken)).rejects.toMatchObject({
      code: 'invalid_arguments',
      details: { fields: [{ path: 'http.url', problem: expect.any(String) }] },
    });

    expect(await versionsOf(toolId)).toEqual([1]);
  });

  it("does not find another organization's tool", async () => {
    const { toolId } = await client.createTool(aTool('not yours to change'));

    const attempt = client.updateTool({ ...aTool('taken over'), organizationId: anotherOrganizationId, toolId });

    await expect(attempt).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('get a tool', () => {
  it('answers the newest version unless told', async () => {
    const { toolId } = await client.createTool(aTool('newest'));
    await client.updateTool({ ...aTool('newest'), toolId, timeoutMs: 500 });

    expect(await client.getTool({ organizationId, toolId })).toMatchObject({ version: 2, timeoutMs: 500 });
  });

  it('gives the parameters back in the order they were written', async () => {
    const { toolId } = await client.createTool(aTool('ordered'));

    const { parameters } = await client.getTool({ organizationId, toolId });

    expect(JSON.stringify(parameters)).toBe(JSON.stringify(aTool('ordered').parameters));
  });

  it('does not find a version that was never made', async () => {
    const { toolId } = await client.createTool(aTool('one version'));

    await expect(client.getTool({ organizationId, toolId, version: 2 })).rejects.toMatchObject({ code: 'not_found' });
  });

  it("does not find another organization's tool", async () => {
    const { toolId } = await client.createTool(aTool('not yours to read'));

    const attempt = client.getTool({ organizationId: anotherOrganizationId, toolId });

    await expect(attempt).rejects.toMatchObject({ code: 'not_found' });
  });

  it('names an id of the wrong form', async () => {
    await expect(client.getTool({ organizationId, toolId: 'agt_1' })).rejects.toMatchObject({
      code: 'invalid_arguments',
      details: { fields: [{ path: 'toolId', problem: 'is not an id of the form tool_...' }] },
    });
  });
});

describe('list tools', () => {
  it("answers each of the organization's tools once, at its newest version", async () => {
    const scope = { organizationId: newId('organization') };
    await client.createTool({ ...aTool('b'), ...scope });
    const { toolId } = await client.createTool({ ...aTool('a'), ...scope });
    await client.updateTool({ ...aTool('a'), ...scope, toolId });

    const { tools } = await client.listTools(scope);

    expect(tools.map(({ name, version }) => ({ name, version }))).toEqual([
      { name: 'a', version: 2 },
      { name: 'b', version: 1 },
    ]);
  });

  it('is empty for an organization without tools', async () => {
    expect(await client.listTools({ organizationId: newId('organization') })).toEqual({ tools: [] });
  });
});
