import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Connection } from '@patchbay/contracts/connections';
import { FakeOAuthProvider } from '../testing/fake-oauth-provider.ts';
import { OAUTH_ENV, OAuthConnections, refusal } from '../testing/oauth-connections.ts';
import { runCredentials, type RunningCredentials } from '../testing/running-credentials.ts';
import { RefreshTokens } from './loops/refresh-tokens.ts';

let running: RunningCredentials;
let provider: FakeOAuthProvider;
let ours: OAuthConnections;
let count = 0;
beforeAll(async () => {
  running = await runCredentials(OAUTH_ENV);
  // Each test says itself when the loop comes round.
  await loop().beforeApplicationShutdown();
});
beforeEach(async () => {
  count += 1;
  // What earlier tests left is not due any more.
  await running.query('update connection_tokens set refresh_at = null, lease_until = null');
  provider = await FakeOAuthProvider.start();
  const { organizationId } = await running.client.createOrganization({ name: `Owner ${count}` });
  ours = new OAuthConnections(running, provider, organizationId);
});
afterEach(() => provider.stop());
afterAll(() => running.stop());

const loop = () => running.service.app.get(RefreshTokens);
const refreshes = () => provider.refreshTokensShown;
const later = (ms: number) => new Date(Date.now() + ms);
const HOUR = 3_600_000;

describe('the loop', () => {
  it('refreshes at half of the life of a token of an hour, not before', async () => {
    const connection = await ours.connected();

    await loop().tick(later(20 * 60_000));
    expect(refreshes()).toHaveLength(0);
    await loop().tick(later(31 * 60_000));

    expect(refreshes()).toHaveLength(1);
    expect(await ours.get(connection)).toMatchObject({ health: 'healthy' });
  });

  it('refreshes a token whose end nobody knows within an hour', async () => {
    provider.expiresIn = undefined;
    const connection = await ours.connected();

    await loop().tick(later(HOUR));

    expect(connection.expiresAt).toBeNull();
    expect(refreshes()).toHaveLength(1);
  });

  it('takes up what a process left that died, once its lease is over', async () => {
    const connection = await ours.connected();
    const lease = (until: string) =>
      running.query(`update connection_tokens set lease_id = gen_random_uuid(), lease_until = now() + $2::interval where connection_id = $1`, [
        connection.connectionId,
        until,
      ]);

    await lease('10 seconds');
    await loop().tick(later(0));
    expect(refreshes()).toHaveLength(0);
    await lease('-1 second');
    await loop().tick(later(0));

    expect(refreshes()).toHaveLength(1);
    expect(await ours.row(connection)).toMatchObject({ version: 2, unsure: false, lease_id: null });
  });

  it('says that the token may be lost when a refresh was cut off and the provider then refuses it', async () => {
    const connection = await ours.connected();
    await running.query(`update connection_tokens set lease_id = gen_random_uuid(), lease_until = now() where connection_id = $1`, [
      connection.connectionId,
    ]);
    provider.revokeAll();

    await loop().tick(later(0));

    expect((await ours.get(connection)).reason?.text).toContain('cut off');
  });

  it('leaves a disabled connection alone', async () => {
    const connection = await ours.connected();
    await running.client.disableConnection({ organizationId: ours.organizationId, connectionId: connection.connectionId });

    await loop().tick(later(HOUR));

    expect(refreshes()).toHaveLength(0);
  });

  it('says in time that a token without a refresh token ends, and then that it has', async () => {
    provider.givesRefreshTokens = false;
    const connection = await ours.connected();

    await loop().tick(later(31 * 60_000));
    expect(await ours.get(connection)).toMatchObject({ health: 'expiring' });
    await loop().tick(later(61 * 60_000));

    expect(await ours.get(connection)).toMatchObject({ health: 'reconnect_required' });
    expect(refreshes()).toHaveLength(0);
  });

  it('forgets what nobody came back for', async () => {
    const { connectionId } = await ours.draft();
    await ours.start(connectionId);

    await loop().tick(later(11 * 60_000));

    expect(await running.query('select 1 from authorizations where connection_id = $1', [connectionId])).toEqual([]);
    expect(await running.query(`select 1 from connection_secrets where connection_id = $1 and purpose = 'pending'`, [connectionId])).toEqual([]);
  });
});

describe('a token that a provider refused', () => {
  const refused = ({ connectionId, version }: Connection) =>
    running.client.reportUse({ organizationId: ours.organizationId, connectionId, version, use: 'refused', status: 401 });

  it('is replaced at once', async () => {
    provider.expiresIn = undefined;
    const connection = await ours.connected();
    await ours.age(connection, '2 minutes');

    await refused(connection);
    await loop().tick(later(0));

    expect(refreshes()).toHaveLength(1);
  });

  it('is kept when it is new itself', async () => {
    await refused(await ours.connected());
    await loop().tick(later(0));

    expect(refreshes()).toHaveLength(0);
  });
});

describe('resolveConnection', () => {
  it('refreshes a token that has ended before it answers', async () => {
    const connection = await ours.connected();
    const before = await ours.token(connection);
    await ours.age(connection, '2 hours');

    const after = await ours.token(connection);

    expect(after).not.toBe(before);
    expect(provider.knows(after!)).toBe(true);
  });

  it('refuses with the reason when that fails, and does not ask again for every call', async () => {
    const connection = await ours.connected();
    await ours.age(connection, '2 hours');
    provider.trouble({ status: 503, body: '' }, { status: 503, body: '' });

    const refusals = [await refusal(ours.token(connection)), await refusal(ours.token(connection))];

    expect(refusals).toEqual(
      Array.from({ length: 2 }, () => expect.objectContaining({ code: 'failed_precondition', message: expect.stringContaining('503') })),
    );
    expect(refreshes()).toHaveLength(1);
  });

  it('gives no refresh token and no client secret', async () => {
    const connection = await ours.connected();
    const { organizationId } = ours;

    const resolved = await running.client.resolveConnection({ organizationId, connectionId: connection.connectionId });

    expect(JSON.stringify(resolved)).toMatch(/at_/);
    expect(JSON.stringify(resolved)).not.toMatch(/rt_|shh_/);
  });
});

describe('client credentials', () => {
  const create = (secret = provider.clientSecret) =>
    running.client.createConnection({
      organizationId: ours.organizationId,
      name: 'Machine',
      provider: 'fake',
      kind: 'oauth2_client_credentials',
      settings: { oauth: { issuer: provider.url, clientId: provider.clientId, scopes: ['read'], clientAuthentication: 'basic' } },
      secret,
    });

  it('get a token when they are stored, and the next one by themselves', async () => {
    const connection = await create();
    const first = await ours.token(connection);
    await loop().tick(later(31 * 60_000));

    expect(connection).toMatchObject({ lifecycle: 'active', health: 'healthy', expiresAt: expect.any(String) });
    expect(await ours.token(connection)).not.toBe(first);
    expect(provider.tokenRequests.map(({ parameters }) => parameters)).toEqual(
      Array.from({ length: 2 }, () => ({ grant_type: 'client_credentials', scope: 'read' })),
    );
  });

  it('are not stored when the provider does not know them', async () => {
    const refused = await refusal(create('shh_wrong_0123456789'));

    expect(refused).toMatchObject({ code: 'failed_precondition', message: expect.stringContaining('invalid_client') });
    expect(refused!.message).not.toContain('shh_');
  });
});
