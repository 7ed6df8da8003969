import { describe, expect, it } from '@jest/globals';
import type { Connection } from '@patchbay/contracts/connections';
import { issueToken } from '@patchbay/testing/known-secrets';
import { setOAuthScene } from '../testing/oauth-scene.ts';

const HERE = ['https://api.example.com'];
const THERE = ['https://evil.example'];

const scene = setOAuthScene({ loops: false });
const refOf = ({ connectionId }: Connection) => ({ organizationId: scene.ours.organizationId, connectionId });
const update = (connection: Connection, origins: string[]) => scene.running.client.updateConnection({ ...refOf(connection), origins });

describe('what an account granted', () => {
  it('goes nowhere else, not even with the client secret given again', async () => {
    const connection = await scene.ours.connected();
    await update(connection, HERE);

    for (const change of [
      update(connection, THERE),
      scene.running.client.rotateSecret({ ...refOf(connection), secret: scene.provider.clientSecret, origins: THERE }),
    ]) {
      await expect(change).rejects.toMatchObject({ code: 'failed_precondition', message: expect.stringContaining('Revoke the access, change the origins, and connect') });
    }
    expect(await scene.ours.get(connection)).toMatchObject({ origins: HERE, version: 1 });
  });

  it('is bound anew by connecting the account again after it was revoked', async () => {
    const connection = await scene.ours.connected({ revocationUrl: `${scene.provider.url}/revoke` });
    await update(connection, HERE);
    await scene.running.client.revokeConnection(refOf(connection));

    expect((await update(connection, ['https://api2.example.com'])).origins).toEqual(['https://api2.example.com']);
    expect((await scene.ours.connect(connection.connectionId)).health).toBe('healthy');
  });

  it('may be for any origins before anybody has connected the account', async () => {
    const draft = await scene.ours.draft();
    await update(draft, HERE);

    expect((await update(draft, THERE)).origins).toEqual(THERE);
  });
});

describe('a client that gets its tokens by itself', () => {
  const client = () => {
    const { url, clientId, clientSecret } = scene.provider;
    const settings = { oauth: { issuer: url, clientId, scopes: ['read'], clientAuthentication: 'basic' as const } };
    return scene.running.client.createConnection({
      organizationId: scene.ours.organizationId,
      name: 'Program',
      provider: 'fake',
      kind: 'oauth2_client_credentials',
      settings,
      secret: clientSecret,
      origins: HERE,
    });
  };
  const rotate = (connection: Connection, secret: string) =>
    scene.running.client.rotateSecret({ ...refOf(connection), secret, origins: THERE, acceptUnverified: true });

  it('takes the token in use nowhere else with a secret that gets none', async () => {
    const connection = await client();

    await expect(rotate(connection, issueToken('client'))).rejects.toMatchObject({ code: 'failed_precondition', message: expect.stringContaining('got no token') });
    expect(await scene.ours.get(connection)).toMatchObject({ origins: HERE, version: 1, slots: [{ slot: 'current' }] });
  });

  it('goes elsewhere with a new token only', async () => {
    const connection = await client();
    const before = await scene.ours.token(connection);

    expect((await rotate(connection, scene.provider.clientSecret)).connection).toMatchObject({ origins: THERE, slots: [{ slot: 'current' }] });
    expect(await scene.ours.token(connection)).not.toBe(before);
  });
});
