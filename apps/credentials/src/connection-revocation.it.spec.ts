import { describe, expect, it } from '@jest/globals';
import type { Connection } from '@patchbay/contracts/connections';
import { FollowedConnections } from '../testing/connection-states.ts';
import { refusal } from '../testing/oauth-connections.ts';
import { setOAuthScene } from '../testing/oauth-scene.ts';
import { DestroySecrets } from './loops/destroy-secrets.ts';

const DAY_MS = 86_400_000;

const scene = setOAuthScene();
const refOf = ({ connectionId }: Connection) => ({ organizationId: scene.ours.organizationId, connectionId });
const revoke = (connection: Connection) => scene.running.client.revokeConnection(refOf(connection));
const kept = async ({ connectionId }: Connection) =>
  scene.running.query(`select 1 from connection_secrets where connection_id = $1 and purpose = 'tokens'`, [connectionId]);
const actionsOn = async ({ connectionId: objectId }: Connection) => {
  const { entries } = await scene.running.client.listAudit({ organizationId: scene.ours.organizationId, objectId });
  return entries.map(({ action }) => action);
};

describe('an account that is revoked', () => {
  it('is revoked at the provider by its refresh token, its tokens are destroyed, and it says so', async () => {
    const connection = await scene.ours.connected();
    const accessToken = (await scene.ours.token(connection))!;

    const revoked = await revoke(connection);

    expect(revoked).toMatchObject({
      lifecycle: 'active',
      health: 'revoked',
      status: 'disconnected',
      reason: { text: expect.stringContaining('the provider has revoked it'), fault: 'organization' },
      grantedScopes: null,
      expiresAt: null,
      nextRefreshAt: null,
    });
    const [{ parameters, authorization }] = scene.provider.revocations as [(typeof scene.provider.revocations)[number]];
    expect(parameters).toEqual({ token: expect.stringMatching(/^rt_/), token_type_hint: 'refresh_token' });
    expect(Buffer.from(authorization!.replace('Basic ', ''), 'base64').toString()).toBe(`${scene.provider.clientId}:${scene.provider.clientSecret}`);
    expect(scene.provider.issued.knows(accessToken)).toBe(false);
    expect(await kept(connection)).toEqual([]);
    expect(await scene.ours.row(connection)).toBeUndefined();
    expect(await actionsOn(connection)).toContain('connection.revoked');
  });

  it('gives nothing away any more, and runners hear of it', async () => {
    const states = await FollowedConnections.follow(scene.running.nats);
    const connection = await scene.ours.connected();

    await revoke(connection);

    expect(await states.until(scene.ours.organizationId, connection.connectionId, ({ health }) => health === 'revoked')).toMatchObject({ lifecycle: 'active' });
    expect(await refusal(scene.ours.token(connection))).toMatchObject({ code: 'failed_precondition', message: expect.stringContaining('connected again') });
    expect(await refusal(scene.ours.refresh(connection))).toMatchObject({ code: 'failed_precondition' });
    states.stop();
  });

  it('works again when somebody connects it anew', async () => {
    const connection = await scene.ours.connected();
    await revoke(connection);

    const again = await scene.ours.connect(connection.connectionId);

    expect(again).toMatchObject({ connectionId: connection.connectionId, health: 'healthy', reason: null, status: 'connected' });
    expect(scene.provider.issued.knows((await scene.ours.token(connection))!)).toBe(true);
  });

  it('is revoked once: a repeat asks nobody and is logged no second time', async () => {
    const connection = await scene.ours.connected();
    const first = await revoke(connection);

    expect(await revoke(connection)).toEqual(first);
    expect(scene.provider.revocations).toHaveLength(1);
    expect((await actionsOn(connection)).filter((action) => action === 'connection.revoked')).toHaveLength(1);
  });

  it('without a refresh token is revoked by its access token', async () => {
    scene.provider.givesRefreshTokens = false;
    const connection = await scene.ours.connected();

    await revoke(connection);

    expect(scene.provider.revocations.map(({ parameters }) => parameters)).toEqual([
      { token: expect.stringMatching(/^at_/), token_type_hint: 'access_token' },
    ]);
  });

  it('is revoked where its settings say, whatever its issuer says or does not say', async () => {
    scene.provider.offersRevocation = false;
    const connection = await scene.ours.connected({ revocationUrl: scene.provider.revocationUrl, clientAuthentication: 'post' });
    scene.provider.issuer = 'https://other.example';

    expect(await revoke(connection)).toMatchObject({ health: 'revoked', reason: { text: expect.stringContaining('has revoked it') } });
    expect(scene.provider.revocations[0]!.parameters).toMatchObject({ client_id: scene.provider.clientId, client_secret: scene.provider.clientSecret });
  });

  it('waits for the refresh that is under way, so that the newest tokens are the ones that go', async () => {
    scene.provider.issued.rotation = 'strict';
    const connection = await scene.ours.connectedAMinuteAgo();
    const held = scene.provider.hold();
    const refreshing = scene.ours.refresh(connection);
    await held.arrived;
    const revoking = revoke(connection);
    held.release();

    await refreshing;
    expect(await revoking).toMatchObject({ health: 'revoked' });
    const [before] = scene.provider.refreshTokensShown;
    expect(scene.provider.revocations[0]!.parameters['token']).not.toBe(before);
    expect(await kept(connection)).toEqual([]);
  });

  it('keeps what somebody connected anew while the provider was asked', async () => {
    const connection = await scene.ours.connected();
    const held = scene.provider.hold();
    const revoking = refusal(revoke(connection));
    await held.arrived;
    await scene.ours.connect(connection.connectionId);
    held.release();

    expect(await revoking).toMatchObject({ code: 'conflict', message: expect.stringContaining('connected anew') });
    expect(scene.provider.issued.knows((await scene.ours.token(connection))!)).toBe(true);
  });
});

describe('a provider that cannot be told', () => {
  it.each([
    ['names no end point for it', () => void (scene.provider.offersRevocation = false)],
    ['does not revoke such tokens', () => scene.provider.trouble({ status: 400, body: '{"error":"unsupported_token_type"}' })],
  ])('because it %s: the tokens are destroyed here, and that it was not told is said', async (_name, spoil) => {
    const connection = await scene.ours.connected();
    spoil();

    expect(await revoke(connection)).toMatchObject({ health: 'revoked', reason: { text: expect.stringContaining('the provider was not told') } });
    expect(await kept(connection)).toEqual([]);
  });

  it.each([
    ['answers a page', { status: 200, body: '<html>sorry</html>', type: 'text/html' }, 'unavailable', '200'],
    ['answers 503', { status: 503, body: '' }, 'unavailable', '503'],
    ['cuts the connection', 'cut', 'unavailable', 'could not be asked'],
    ['answers 200 with an error', { status: 200, body: '{"error":"invalid_request"}' }, 'failed_precondition', 'invalid_request'],
    ['answers 200 with an error in words of its own', { status: 200, body: '{"error":{"message":"rt_leaked"}}' }, 'unavailable', '200'],
    ['does not know the client', { status: 401, body: '{"error":"invalid_client"}' }, 'failed_precondition', 'invalid_client'],
  ] as const)('because it %s: nothing is lost, and asking again works', async (_name, trouble, code, words) => {
    const connection = await scene.ours.connected();
    scene.provider.trouble(trouble);

    const refused = await refusal(revoke(connection));

    expect(refused).toMatchObject({ code, message: expect.stringContaining(words) });
    expect(refused!.message).toContain('nothing is lost');
    expect(refused!.message).not.toContain('rt_');
    expect(await scene.ours.get(connection)).toMatchObject({ health: 'healthy', grantedScopes: ['read', 'write'] });
    expect(await scene.ours.row(connection)).toMatchObject({ lease_id: null, version: 1 });
    expect(await scene.ours.token(connection)).toMatch(/^at_/);
    expect(await revoke(connection)).toMatchObject({ health: 'revoked' });
  });

  it('because it never answers: it is given up after ten seconds, and asking again works', async () => {
    const connection = await scene.ours.connected();
    scene.provider.trouble('hang');

    const revoking = scene.running.client.revokeConnection(refOf(connection), { timeoutMs: 20_000 });

    expect(await refusal(revoking)).toMatchObject({ code: 'unavailable', message: expect.stringContaining('could not be asked') });
    expect(await revoke(connection)).toMatchObject({ health: 'revoked' });
  }, 30_000);
});

describe('revoking', () => {
  it('is nothing for a connection that nobody agreed to, is not connected, or is of another organization', async () => {
    const { client } = scene.running;
    const { organizationId } = scene.ours;
    const bearer = await client.createConnection({ organizationId, name: 'Key', kind: 'bearer', secret: 'sk_0123456789abcdef', acceptUnverified: true });
    const stranger = await client.createOrganization({ name: `Stranger to ${scene.provider.url}` });
    const connection = await scene.ours.connected();

    expect(await refusal(revoke(bearer))).toMatchObject({ code: 'failed_precondition', message: expect.stringContaining('does not use OAuth') });
    expect(await refusal(revoke(await scene.ours.draft()))).toMatchObject({ code: 'failed_precondition', message: expect.stringContaining('nothing to revoke') });
    expect(await refusal(client.revokeConnection({ ...refOf(connection), organizationId: stranger.organizationId }))).toMatchObject({ code: 'not_found' });
    expect(scene.provider.revocations).toEqual([]);
  });
});

describe('a deleted account', () => {
  const deleted = async () => {
    const connection = await scene.ours.connected();
    await scene.running.client.deleteConnection(refOf(connection));
    return connection;
  };
  const destroy = () => scene.running.service.app.get(DestroySecrets).round(new Date(Date.now() + DAY_MS + 60_000));

  it('is given back at the provider when its day is over, and not before', async () => {
    const connection = await deleted();
    expect(scene.provider.revocations).toEqual([]);

    await destroy();

    expect(scene.provider.revocations.map(({ parameters }) => parameters['token_type_hint'])).toEqual(['refresh_token']);
    expect(await kept(connection)).toEqual([]);
  });

  it.each([
    ['has trouble', () => scene.provider.trouble({ status: 500, body: '' })],
    ['is gone', () => scene.provider.stop()],
  ])('is destroyed also when the provider %s', async (_name, spoil) => {
    const connection = await deleted();
    await spoil();

    await destroy();

    expect(await kept(connection)).toEqual([]);
    expect(await scene.ours.get(connection)).toMatchObject({ lifecycle: 'deleted', undeleteUntil: null });
  });
});
