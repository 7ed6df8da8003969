import { describe, expect, it } from '@jest/globals';
import type { Connection } from '@patchbay/contracts/connections';
import { refusal } from '../testing/oauth-connections.ts';
import { setOAuthScene } from '../testing/oauth-scene.ts';

const scene = setOAuthScene({ loops: false });

const refreshes = () => scene.provider.refreshTokensShown;
const later = (ms: number) => new Date(Date.now() + ms);
const HOUR = 3_600_000;

describe('the loop', () => {
  it('refreshes at half of the life of a token of an hour, not before', async () => {
    const connection = await scene.ours.connected();

    await scene.loop.tick(later(20 * 60_000));
    expect(refreshes()).toHaveLength(0);
    await scene.loop.tick(later(31 * 60_000));

    expect(refreshes()).toHaveLength(1);
    expect(await scene.ours.get(connection)).toMatchObject({ health: 'healthy' });
  });

  it('refreshes a token whose end nobody knows within an hour', async () => {
    scene.provider.issued.expiresIn = undefined;
    const connection = await scene.ours.connected();

    await scene.loop.tick(later(HOUR));

    expect(connection.expiresAt).toBeNull();
    expect(refreshes()).toHaveLength(1);
  });

  it('takes up what a process left that died, once its lease is over', async () => {
    const connection = await scene.ours.connected();
    const lease = (until: string) =>
      scene.running.query(`update connection_tokens set lease_id = gen_random_uuid(), lease_until = now() + $2::interval where connection_id = $1`, [
        connection.connectionId,
        until,
      ]);

    await lease('10 seconds');
    await scene.loop.tick(later(0));
    expect(refreshes()).toHaveLength(0);
    await lease('-1 second');
    await scene.loop.tick(later(0));

    expect(refreshes()).toHaveLength(1);
    expect(await scene.ours.row(connection)).toMatchObject({ version: 2, unsure: false, lease_id: null });
  });

  it('says that the token may be lost when a refresh was cut off and the provider then refuses it', async () => {
    const connection = await scene.ours.connected();
    await scene.running.query(`update connection_tokens set lease_id = gen_random_uuid(), lease_until = now() where connection_id = $1`, [
      connection.connectionId,
    ]);
    scene.provider.issued.forgetRefreshTokens();

    await scene.loop.tick(later(0));

    expect((await scene.ours.get(connection)).reason?.text).toContain('cut off');
  });

  it('leaves a disabled connection alone', async () => {
    const connection = await scene.ours.connected();
    await scene.running.client.disableConnection({ organizationId: scene.ours.organizationId, connectionId: connection.connectionId });

    await scene.loop.tick(later(HOUR));

    expect(refreshes()).toHaveLength(0);
  });

  it('says in time that a token without a refresh token ends, and then that it has', async () => {
    scene.provider.givesRefreshTokens = false;
    const connection = await scene.ours.connected();

    await scene.loop.tick(later(31 * 60_000));
    expect(await scene.ours.get(connection)).toMatchObject({ health: 'expiring' });
    await scene.loop.tick(later(61 * 60_000));

    expect(await scene.ours.get(connection)).toMatchObject({ health: 'reconnect_required' });
    expect(refreshes()).toHaveLength(0);
  });

  it('forgets what nobody came back for', async () => {
    const { connectionId } = await scene.ours.draft();
    await scene.ours.start(connectionId);

    await scene.loop.tick(later(11 * 60_000));

    expect(await scene.running.query('select 1 from authorizations where connection_id = $1', [connectionId])).toEqual([]);
    expect(await scene.running.query(`select 1 from connection_secrets where connection_id = $1 and purpose = 'pending'`, [connectionId])).toEqual([]);
  });
});

describe('a token that a provider refused', () => {
  const refused = ({ connectionId, version }: Connection) =>
    scene.running.client.reportUse({ organizationId: scene.ours.organizationId, connectionId, version, use: 'refused', status: 401 });

  it('is replaced at once', async () => {
    scene.provider.issued.expiresIn = undefined;
    const connection = await scene.ours.connected();
    await scene.ours.age(connection, '2 minutes');

    await refused(connection);
    await scene.loop.tick(later(0));

    expect(refreshes()).toHaveLength(1);
  });

  it('is kept when it is new itself', async () => {
    await refused(await scene.ours.connected());
    await scene.loop.tick(later(0));

    expect(refreshes()).toHaveLength(0);
  });
});

describe('resolveConnection', () => {
  it('refreshes a token that has ended before it answers', async () => {
    const connection = await scene.ours.connected();
    const before = await scene.ours.token(connection);
    await scene.ours.age(connection, '2 hours');

    const after = await scene.ours.token(connection);

    expect(after).not.toBe(before);
    expect(scene.provider.issued.knows(after!)).toBe(true);
  });

  it('refuses with the reason when that fails, and does not ask again for every call', async () => {
    const connection = await scene.ours.connected();
    await scene.ours.age(connection, '2 hours');
    scene.provider.trouble({ status: 503, body: '' }, { status: 503, body: '' });

    const refusals = [await refusal(scene.ours.token(connection)), await refusal(scene.ours.token(connection))];

    expect(refusals).toEqual(
      Array.from({ length: 2 }, () => expect.objectContaining({ code: 'failed_precondition', message: expect.stringContaining('503') })),
    );
    expect(refreshes()).toHaveLength(1);
  });

  it('gives no refresh token and no client secret', async () => {
    const connection = await scene.ours.connected();
    const { organizationId } = scene.ours;

    const resolved = await scene.running.client.resolveConnection({ organizationId, connectionId: connection.connectionId });

    expect(JSON.stringify(resolved)).toMatch(/at_/);
    expect(JSON.stringify(resolved)).not.toMatch(/rt_|shh_/);
  });
});

describe('client credentials', () => {
  const create = (secret = scene.provider.clientSecret) =>
    scene.running.client.createConnection({
      organizationId: scene.ours.organizationId,
      name: 'Machine',
      provider: 'fake',
      kind: 'oauth2_client_credentials',
      settings: { oauth: { issuer: scene.provider.url, clientId: scene.provider.clientId, scopes: ['read'], clientAuthentication: 'basic' } },
      secret,
    });

  it('get a token when they are stored, and the next one by themselves', async () => {
    const connection = await create();
    const first = await scene.ours.token(connection);
    await scene.loop.tick(later(31 * 60_000));

    expect(connection).toMatchObject({ lifecycle: 'active', health: 'healthy', expiresAt: expect.any(String) });
    expect(await scene.ours.token(connection)).not.toBe(first);
    expect(scene.provider.tokenRequests.map(({ parameters }) => parameters)).toEqual(
      Array.from({ length: 2 }, () => ({ grant_type: 'client_credentials', scope: 'read' })),
    );
  });

  it('are not stored when the provider does not know them', async () => {
    const refused = await refusal(create('shh_wrong_0123456789'));

    expect(refused).toMatchObject({ code: 'failed_precondition', message: expect.stringContaining('invalid_client') });
    expect(refused!.message).not.toContain('shh_');
  });
});
