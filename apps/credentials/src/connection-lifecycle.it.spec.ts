import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Kvm } from '@nats-io/kv';
import { CONNECTION_BUCKET } from '@patchbay/contracts/connections';
import type { credentials } from '@patchbay/contracts/credentials';
import type { RequestOf } from '@patchbay/contracts/define';
import { KNOWN_SECRETS } from '@patchbay/testing/known-secrets';
import { FollowedConnections } from '../testing/connection-states.ts';
import { runCredentials, type RunningCredentials } from '../testing/running-credentials.ts';
import { DestroySecrets } from './loops/destroy-secrets.ts';

const SECRET = KNOWN_SECRETS.bearer;
const { basicPassword, apiKeyHeader, customHeader, mcpBearer, clientSecret } = KNOWN_SECRETS;
const DAY_MS = 86_400_000;

let running: RunningCredentials;
let states: FollowedConnections;
let organizationId: string;
let count = 0;
beforeAll(async () => {
  running = await runCredentials();
  states = await FollowedConnections.follow(running.nats);
});
beforeEach(async () => {
  count += 1;
  organizationId = (await running.client.createOrganization({ name: `Owner ${count}` })).organizationId;
});
afterAll(async () => {
  states.stop();
  await running.stop();
});

type Asked = Partial<RequestOf<typeof credentials.createConnection>>;
const create = (changes: Asked = {}) =>
  running.client.createConnection({ organizationId, name: 'Calendar', provider: 'calcom', kind: 'bearer', secret: SECRET, ...changes });
const refOf = ({ connectionId }: { connectionId: string }) => ({ organizationId, connectionId });
const listed = async (deleted = false) => (await running.client.listConnections({ organizationId, deleted })).connections.map(({ name }) => name);
const refused = (code: string) => expect.objectContaining({ code });

describe('a connection that is disabled', () => {
  it('is not used until it is enabled again, and runners hear of both', async () => {
    const ref = refOf(await create());
    expect(await running.client.disableConnection(ref)).toMatchObject({ lifecycle: 'disabled', status: 'disconnected' });

    await states.until(organizationId, ref.connectionId, ({ lifecycle }) => lifecycle === 'disabled');
    await expect(running.client.resolveConnection(ref)).rejects.toMatchObject({ code: 'failed_precondition', message: expect.stringContaining('enable it first') });
    expect(await running.client.enableConnection(ref)).toMatchObject({ lifecycle: 'active' });
    await states.until(organizationId, ref.connectionId, ({ lifecycle }) => lifecycle === 'active');
    expect(await running.client.resolveConnection(ref)).toMatchObject({ version: 1 });
  });
});

describe('a connection that is deleted', () => {
  it('is out of the list and out of use, and comes back as it was', async () => {
    const ref = refOf(await create());
    await running.client.disableConnection(ref);
    const deleted = await running.client.deleteConnection(ref);

    expect(deleted).toMatchObject({ lifecycle: 'deleted', status: 'disconnected' });
    expect(Date.parse(deleted.undeleteUntil!) - Date.now()).toBeGreaterThan(DAY_MS - 60_000);
    expect([await listed(), await listed(true)]).toEqual([[], ['Calendar']]);
    await expect(running.client.resolveConnection(ref)).rejects.toMatchObject({ code: 'failed_precondition' });
    await expect(running.client.updateConnection({ ...ref, name: 'Other' })).rejects.toMatchObject({ code: 'failed_precondition' });
    expect(await running.client.undeleteConnection(ref)).toMatchObject({ lifecycle: 'disabled', undeleteUntil: null });
    await running.client.enableConnection(ref);
    expect(await running.client.resolveConnection(ref)).toMatchObject({ headers: { authorization: `Bearer ${SECRET}` } });
  });

  it('gives its name away, and cannot come back under it then', async () => {
    const ref = refOf(await create());
    await running.client.deleteConnection(ref);
    await create();

    await expect(running.client.undeleteConnection(ref)).rejects.toMatchObject({ code: 'conflict', details: { fields: [{ path: 'name' }] } });
  });

  it('keeps its secret for a day and nothing but its name after that', async () => {
    const ref = refOf(await create());
    await running.client.deleteConnection(ref);
    const destroy = running.service.app.get(DestroySecrets);
    const secrets = () => running.query('select from connection_secrets where connection_id = $1', [ref.connectionId]);
    await destroy.round(new Date(Date.now() + DAY_MS - 60_000));
    expect(await secrets()).toHaveLength(1);
    await destroy.round(new Date(Date.now() + DAY_MS + 60_000));

    expect(await secrets()).toEqual([]);
    expect(await running.client.getConnection(ref)).toMatchObject({ name: 'Calendar', lifecycle: 'deleted', hint: '', slots: [], undeleteUntil: null });
    await expect(running.client.undeleteConnection(ref)).rejects.toMatchObject({ code: 'failed_precondition' });
    const { entries } = await running.client.listAudit({ organizationId, objectId: ref.connectionId });
    expect(entries.map(({ action }) => action)).toEqual(['connection.secret_destroyed', 'connection.deleted', 'connection.created']);
  });
});

describe('the default of a provider', () => {
  const defaults = async () => (await running.client.listConnections({ organizationId })).connections.filter(({ isDefault }) => isDefault).map(({ name }) => name);

  it('is one in each environment; a new one takes its place', async () => {
    const first = await create({ isDefault: true });
    await create({ name: 'Test account', sandbox: true, isDefault: true });
    await create({ name: 'Mail', provider: 'resend', isDefault: true });
    const second = await create({ name: 'Second' });
    expect(await defaults()).toEqual(['Calendar', 'Test account', 'Mail']);
    await running.client.updateConnection({ ...refOf(second), isDefault: true });

    expect(await defaults()).toEqual(['Test account', 'Mail', 'Second']);
    await states.until(organizationId, first.connectionId, ({ isDefault }) => !isDefault);
    await states.until(organizationId, second.connectionId, ({ isDefault }) => isDefault);
  });

  it('is one also when several are made at the same time', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 6 }, (_, n) => create({ name: `Calendar ${n}`, isDefault: true })));

    for (const outcome of outcomes) if (outcome.status === 'rejected') expect(outcome.reason).toEqual(refused('conflict'));
    expect(await defaults()).toHaveLength(1);
  });

  it('is nobody after it was deleted', async () => {
    const first = refOf(await create({ isDefault: true }));
    await running.client.deleteConnection(first);
    await create({ name: 'Second', isDefault: true });

    expect(await running.client.undeleteConnection(first)).toMatchObject({ isDefault: false });
    expect(await defaults()).toEqual(['Second']);
  });
});

describe('what of a connection is not secret', () => {
  it('can be changed, one field at a time', async () => {
    const ref = refOf(await create());
    const check = { method: 'GET' as const, url: 'https://api.example/me' };

    expect(await running.client.updateConnection({ ...ref, name: 'Agenda' })).toMatchObject({ name: 'Agenda', check: null });
    expect(await running.client.updateConnection({ ...ref, check })).toMatchObject({ name: 'Agenda', check });
    expect(await running.client.updateConnection({ ...ref, check: null })).toMatchObject({ check: null });
    await expect(running.client.updateConnection({ ...ref, scopes: ['read'] })).rejects.toMatchObject({ details: { fields: [{ path: 'scopes' }] } });
    await expect(running.client.updateConnection({ ...ref, check: { ...check, success: 'status' } })).rejects.toMatchObject({ details: { fields: [{ path: 'check.success' }] } });
    await create({ name: 'Mail' });
    await expect(running.client.updateConnection({ ...ref, name: 'Mail' })).rejects.toMatchObject({ code: 'conflict' });
  });

  it('is listed by provider', async () => {
    await create();
    await create({ name: 'Mail', provider: 'resend' });
    const { connections } = await running.client.listConnections({ organizationId, provider: 'resend' });

    expect(connections.map(({ name }) => name)).toEqual(['Mail']);
  });
});

describe('each kind', () => {
  const oauth = { clientId: 'us', tokenUrl: 'https://id.example/token', authorizationUrl: 'https://id.example/authorize' };
  const kinds: [Asked, object][] = [
    [{ kind: 'none', secret: undefined }, {}],
    [{ kind: 'basic', secret: basicPassword, settings: { username: 'ann' } }, { authorization: `Basic ${Buffer.from(`ann:${basicPassword}`).toString('base64')}` }],
    [{ kind: 'api_key', secret: apiKeyHeader, settings: { header: 'X-Api-Key' } }, { 'X-Api-Key': apiKeyHeader }],
    [{ kind: 'custom_headers', secret: undefined, headers: { 'X-Key': customHeader, 'X-Account': '7' } }, { 'X-Key': customHeader, 'X-Account': '7' }],
    [{ kind: 'mcp', secret: mcpBearer, settings: { mcp: { url: 'https://mcp.example/', authentication: 'bearer' } } }, { authorization: `Bearer ${mcpBearer}` }],
  ];
  it.each(kinds.map(([asked, headers]) => ({ kind: asked.kind, asked, headers })))('goes where it belongs: $kind', async ({ asked, headers }) => {
    const connection = await create(asked);
    const shown = [connection, await running.client.getConnection(refOf(connection)), await running.client.listConnections({ organizationId })];

    expect(await running.client.resolveConnection(refOf(connection))).toMatchObject({ headers, signingSecrets: [], fallback: null });
    const secrets = [asked.secret ?? SECRET, customHeader];
    for (const secret of secrets) expect(JSON.stringify(shown)).not.toContain(secret.slice(0, 16));
  });

  it('by consent is a draft until somebody agreed, and gives nothing away before', async () => {
    const connection = await create({ kind: 'oauth2_authorization_code', secret: clientSecret, settings: { oauth } });

    expect(connection).toMatchObject({ lifecycle: 'draft', status: 'pending', hint: clientSecret.slice(-4) });
    await expect(running.client.resolveConnection(refOf(connection))).rejects.toMatchObject({ code: 'failed_precondition' });
    await expect(running.client.enableConnection(refOf(connection))).rejects.toMatchObject({ code: 'failed_precondition' });
  });
});

describe('the feed of connections', () => {
  it('is made whole by a process that starts, whatever it has lost', async () => {
    const { connectionId } = await create();
    const bucket = await new Kvm(running.nats).open(CONNECTION_BUCKET);
    await bucket.purge(`${organizationId}.${connectionId}`);
    const late = await FollowedConnections.follow(running.nats);
    const second = await running.startSecond();

    expect(await late.until(organizationId, connectionId, () => true)).toMatchObject({ lifecycle: 'active', version: 1 });
    late.stop();
    await second.stop();
  });

  it('gets what a process committed that died before it could publish', async () => {
    const { connectionId } = await create();
    await running.query(`update connections set lifecycle = 'disabled', unpublished = true where connection_id = $1`, [connectionId]);

    expect(await states.until(organizationId, connectionId, ({ lifecycle }) => lifecycle === 'disabled')).toMatchObject({ version: 1 });
  });

  it('tells nothing secret', async () => {
    const { connectionId } = await create();

    const state = JSON.stringify(await states.until(organizationId, connectionId, () => true));
    for (const part of [SECRET.slice(0, 16), SECRET.slice(-4)]) expect(state).not.toContain(part);
  });
});

describe('each resolution', () => {
  it('is in the log with the invocation that needed it, and who asked', async () => {
    const ref = refOf(await create());
    await running.client.resolveConnection({ ...ref, invocationId: 'inv_1' });
    const { entries } = await running.client.listAudit({ organizationId, action: 'connection.resolved' });

    expect(entries).toMatchObject([{ action: 'connection.resolved', invocationId: 'inv_1', object: { kind: 'connection', id: ref.connectionId, name: 'Calendar' } }]);
  });
});
