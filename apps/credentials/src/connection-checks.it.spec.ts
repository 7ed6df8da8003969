import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { credentials } from '@patchbay/contracts/credentials';
import type { RequestOf } from '@patchbay/contracts/define';
import { sealFor, SealingKey } from '@patchbay/service-kit/messaging/sealed';
import { KNOWN_SECRETS } from '@patchbay/testing/known-secrets';
import { ScriptedProvider } from '@patchbay/testing/scripted-provider';
import { FollowedConnections } from '../testing/connection-states.ts';
import { runCredentials, type RunningCredentials } from '../testing/running-credentials.ts';

type Asked = RequestOf<typeof credentials.createConnection>;

const SECRET = KNOWN_SECRETS.bearer;
const REFUSED = KNOWN_SECRETS.bearerRefused;
const TOKEN = KNOWN_SECRETS.clientToken;

let running: RunningCredentials;
let states: FollowedConnections;
let provider: ScriptedProvider;
let organizationId: string;
let count = 0;
beforeAll(async () => {
  running = await runCredentials({ EGRESS_ALLOW_NETWORKS: '127.0.0.0/8', EGRESS_ALLOW_HTTP: 'true' });
  states = await FollowedConnections.follow(running.nats);
});
beforeEach(async () => {
  count += 1;
  organizationId = (await running.client.createOrganization({ name: `Owner ${count}` })).organizationId;
  provider = await ScriptedProvider.start();
  provider.otherwise(({ headers }) => ({ status: headers.authorization === `Bearer ${SECRET}` ? 200 : 401, body: { leak: 'provider words' } }));
});
afterEach(() => provider.stop());
afterAll(async () => {
  states.stop();
  await running.stop();
});

const checkAt = (path = '/me') => ({ method: 'GET' as const, url: `${provider.url}${path}` });
const create = (changes: Partial<Asked> = {}) =>
  running.client.createConnection({ organizationId, name: 'Calendar', kind: 'bearer', secret: SECRET, check: checkAt(), ...changes });
const get = (connectionId: string) => running.client.getConnection({ organizationId, connectionId });
const listed = async () => (await running.client.listConnections({ organizationId })).connections;
const report = (connectionId: string, use: 'worked' | 'refused' | 'lacks_scope', more: { version?: number; status?: number } = {}) =>
  running.client.reportUse({ organizationId, connectionId, version: 1, use, ...more });

describe('a secret on its way in', () => {
  it('is tried out at the provider, and healthy when that takes it', async () => {
    const connection = await create();

    expect(provider.received).toMatchObject([{ method: 'GET', path: '/me', headers: { authorization: `Bearer ${SECRET}` } }]);
    expect(connection).toMatchObject({ health: 'healthy', status: 'connected', lastCheckedAt: expect.any(String), reason: null });
  });

  it('is not stored when the provider refuses it; the refusal says so with the status and nothing else of the answer', async () => {
    const refusal: unknown = await create({ secret: REFUSED }).catch((error: unknown) => error);

    expect(refusal).toMatchObject({ code: 'failed_precondition', message: expect.stringContaining('answered 401 to the check') });
    for (const words of [REFUSED.slice(0, 16), 'provider words']) expect(JSON.stringify(refusal) + String(refusal)).not.toContain(words);
    expect(await listed()).toEqual([]);
  });

  it('is stored all the same when somebody takes it upon them, which is in the log', async () => {
    const connection = await create({ secret: REFUSED, acceptUnverified: true });
    const { entries } = await running.client.listAudit({ organizationId, action: 'connection' });

    expect(connection).toMatchObject({ health: 'unverified', reason: { text: expect.stringContaining('401'), fault: 'organization' } });
    expect(entries.map(({ action }) => action)).toEqual(['connection.accepted_unverified', 'connection.created']);
  });

  it('is not stored when the provider is not there, which is not the fault of the secret', async () => {
    provider.script({ cut: 'before' });

    await expect(create()).rejects.toMatchObject({ code: 'failed_precondition', message: expect.stringContaining('could not be reached') });
  });

  it('is not stored when the provider takes too long, and whoever stores it is told in time', async () => {
    provider.script({ delayMs: 60_000 });

    await expect(create()).rejects.toMatchObject({ code: 'failed_precondition', message: expect.stringContaining('could not be reached') });
    expect(await listed()).toEqual([]);
  });

  it('of an OAuth client is tried out by getting a token with it, which the check is made with', async () => {
    provider.otherwise(({ path, headers }) => {
      if (path === '/token' && headers.authorization !== `Basic ${Buffer.from(`us:${encodeURIComponent(KNOWN_SECRETS.clientSecret)}`).toString('base64')}`) return { status: 401, body: { error: 'invalid_client' } };
      if (path === '/token') return { body: { access_token: TOKEN, token_type: 'bearer', expires_in: 3_600 } };
      return { status: headers.authorization === `Bearer ${TOKEN}` ? 200 : 401 };
    });
    const client = { kind: 'oauth2_client_credentials' as const, secret: KNOWN_SECRETS.clientSecret, settings: { oauth: { clientId: 'us', tokenUrl: `${provider.url}/token` } } };
    const refusal: unknown = await create({ ...client, secret: KNOWN_SECRETS.clientSecretRefused }).catch((error: unknown) => error);
    const connection = await create(client);

    expect(refusal).toMatchObject({ code: 'failed_precondition', message: expect.stringContaining('invalid_client') });
    expect(JSON.stringify(refusal)).not.toContain(KNOWN_SECRETS.clientSecretRefused.slice(0, 16));
    expect(connection).toMatchObject({ health: 'healthy', expiresAt: expect.any(String), nextRefreshAt: expect.any(String) });
    expect(await running.client.resolveConnection({ organizationId, connectionId: connection.connectionId })).toMatchObject({
      headers: { authorization: `Bearer ${TOKEN}` },
    });
  });

  it('is refused by an error inside an answer 200 when the check says what success is', async () => {
    provider.otherwise(() => ({ body: { ok: false, error: 'invalid_auth' } }));

    await expect(create({ check: { ...checkAt(), success: 'body.ok == true' } })).rejects.toMatchObject({
      code: 'failed_precondition',
      message: expect.stringContaining('not in the way that counts as success'),
    });
  });

  it('tells which scopes it has where the provider lists them', async () => {
    provider.otherwise(() => ({ headers: { 'x-scopes': 'read, book' } }));

    expect(await create({ check: { ...checkAt(), scopesHeader: 'X-Scopes' } })).toMatchObject({ grantedScopes: ['read', 'book'] });
  });

  it('is never sent to where it would travel in the open as a password', async () => {
    await expect(create({ kind: 'basic', settings: { username: 'ann' } })).rejects.toMatchObject({
      code: 'invalid_arguments',
      details: { fields: [{ path: 'check.url', problem: expect.stringContaining('https') }] },
    });
    expect(provider.received).toEqual([]);
  });

  it('is never sent into a network that is not public', async () => {
    const refusal: unknown = await create({ check: { method: 'GET', url: 'http://10.0.0.1/me' } }).catch((error: unknown) => error);

    expect(refusal).toMatchObject({ code: 'failed_precondition' });
  });

  it.each([
    [{ kind: 'api_key', settings: { header: 'Host' } }, 'settings.header'],
    [{ kind: 'custom_headers', secret: undefined, headers: { 'x-a': 'with\r\nnew: line' } }, 'headers.x-a'],
    [{ kind: 'none' }, 'secret'],
    [{ check: { method: 'GET', url: 'https://a.example/', success: 'body.matches("a")' } }, 'check.success'],
    [{ sandbox: true, environment: 'live' }, 'environment'],
  ] as [Partial<Asked>, string][])('is refused with the name of the field for %j', async (changes, path) => {
    const refusal: unknown = await create(changes).catch((error: unknown) => error);

    expect(refusal).toMatchObject({ code: 'invalid_arguments', details: { fields: [{ path }] } });
    expect(JSON.stringify(refusal)).not.toContain(SECRET.slice(0, 16));
  });
});

describe('real traffic', () => {
  it('flips a connection at once, tells the runners, and lets no more requests leave with it', async () => {
    const { connectionId } = await create();
    provider.otherwise(() => ({ status: 401 }));
    await report(connectionId, 'refused', { status: 401 });

    expect(await get(connectionId)).toMatchObject({ health: 'reconnect_required', status: 'error', reason: { text: expect.stringContaining('401') } });
    expect(await states.until(organizationId, connectionId, ({ health }) => health === 'reconnect_required')).toMatchObject({ version: 1 });
    await expect(running.client.resolveConnection({ organizationId, connectionId })).rejects.toMatchObject({ code: 'failed_precondition' });
  });

  it('that was wrong about a connection is corrected by its check, without anybody asking', async () => {
    const { connectionId } = await create();
    const flipped = states.until(organizationId, connectionId, ({ health }) => health === 'reconnect_required');
    await report(connectionId, 'refused');
    await flipped;

    await states.until(organizationId, connectionId, ({ health }) => health === 'healthy');
    expect(provider.received).toHaveLength(2);
    expect(await running.client.resolveConnection({ organizationId, connectionId })).toMatchObject({ version: 1 });
  });

  it('with an older secret changes nothing', async () => {
    const { connectionId } = await create();
    await running.client.rotateSecret({ organizationId, connectionId, secret: SECRET });
    await report(connectionId, 'refused', { version: 1 });

    expect((await get(connectionId)).health).toBe('healthy');
  });

  it('that works clears what was in doubt, and is remembered', async () => {
    const { connectionId } = await create({ check: undefined });
    await report(connectionId, 'worked');

    expect(await get(connectionId)).toMatchObject({ health: 'healthy', lastUsedAt: expect.any(String) });
  });

  it('that lacks a permission says so, and the connection stays in use', async () => {
    const { connectionId } = await create();
    await report(connectionId, 'lacks_scope', { status: 403 });

    expect(await get(connectionId)).toMatchObject({ health: 'scope_insufficient', reason: { fault: 'organization' } });
    expect(await running.client.resolveConnection({ organizationId, connectionId })).toMatchObject({ version: 1 });
  });

  it('of another organization is about no connection of theirs', async () => {
    const { connectionId } = await create();
    const stranger = await running.client.createOrganization({ name: `Stranger ${count}` });

    await expect(
      running.client.reportUse({ organizationId: stranger.organizationId, connectionId, version: 1, use: 'refused' }),
    ).rejects.toMatchObject({ code: 'not_found' });
    expect((await get(connectionId)).health).toBe('healthy');
  });

  it('gives a refused connection without a check another chance when a person asks for it', async () => {
    const { connectionId } = await create({ check: undefined });
    await report(connectionId, 'refused');

    expect(await running.client.checkConnection({ organizationId, connectionId })).toMatchObject({ health: 'unverified' });
    await expect(running.client.checkConnection({ organizationId, connectionId })).rejects.toMatchObject({ code: 'failed_precondition' });
  });
});

describe('checks', () => {
  const makeDue = (connectionId: string) =>
    running.query(`update connections set next_check_at = now() where connection_id = $1`, [connectionId]);

  it('come by themselves, and the next one a quarter of an hour later', async () => {
    const { connectionId } = await create();
    provider.otherwise(() => ({ status: 401 }));
    await makeDue(connectionId);

    await states.until(organizationId, connectionId, ({ health }) => health === 'reconnect_required');
    const [{ minutes }] = (await running.query(
      `select extract(epoch from next_check_at - now()) / 60 as minutes from connections where connection_id = $1`,
      [connectionId],
    )) as [{ minutes: string }];
    expect(Number(minutes)).toBeGreaterThan(13);
    expect(Number(minutes)).toBeLessThan(17);
  });

  it('of a provider that is down blame the provider', async () => {
    const { connectionId } = await create();
    provider.otherwise(() => ({ status: 503, body: '<html>' }));

    expect(await running.client.checkConnection({ organizationId, connectionId })).toMatchObject({
      health: 'degraded',
      status: 'connected',
      reason: { fault: 'provider' },
    });
    provider.otherwise(() => ({}));
    expect(await running.client.checkConnection({ organizationId, connectionId })).toMatchObject({ health: 'healthy', reason: null });
  });

  it('before a call are made for what was not checked in the last minute, however many calls begin', async () => {
    const [fresh, stale] = [await create(), await create({ name: 'Mail' })];
    await running.query(`update connections set last_checked_at = now() - interval '61 seconds' where connection_id = $1`, [stale.connectionId]);
    provider.otherwise(() => ({ status: 401 }));
    provider.received.length = 0;
    const connectionIds = [fresh.connectionId, stale.connectionId, 'conn_none', '\u0000'];
    await Promise.all(Array.from({ length: 20 }, () => running.client.ensureChecked({ organizationId, connectionIds })));

    await states.until(organizationId, stale.connectionId, ({ health }) => health === 'reconnect_required');
    expect(provider.received).toHaveLength(1);
    expect((await get(fresh.connectionId)).health).toBe('healthy');
  });

  it('are shared by the processes of the service', async () => {
    const second = await running.startSecond();
    const made = await Promise.all(Array.from({ length: 8 }, (_, n) => create({ name: `Calendar ${n}` })));
    provider.received.length = 0;
    provider.otherwise(() => ({ status: 401 }));
    await running.query(`update connections set next_check_at = now() where org_id = $1`, [organizationId]);

    for (const { connectionId } of made) await states.until(organizationId, connectionId, ({ health }) => health === 'reconnect_required');
    expect(provider.received).toHaveLength(8);
    await second.stop();
  });
});

describe('sealed secrets', () => {
  it('come in and go out without a message that holds them', async () => {
    const messages: string[] = [];
    const tap = running.nats.subscribe('>', { callback: (_error, message) => void messages.push(message.string()) });
    const { ticket, publicKey } = await running.client.prepareSecret({});
    const sealed = { ticket, text: await sealFor(publicKey, { secret: SECRET }) };
    const { connectionId } = await create({ secret: undefined, sealed });
    const key = await SealingKey.make();
    const answer = await running.client.resolveConnection({ organizationId, connectionId, sealTo: key.publicKey });
    await running.nats.flush();
    tap.unsubscribe();

    expect(await key.open(answer.sealed!)).toEqual({ headers: { authorization: `Bearer ${SECRET}` }, signingSecrets: [], fallback: null });
    expect(answer).toMatchObject({ headers: {}, signingSecrets: [], fallback: null });
    expect(messages.length).toBeGreaterThan(5);
    expect(messages.join('\n')).not.toContain(SECRET.slice(0, 16));
  });
});
