import { describe, expect, it } from '@jest/globals';
import { PUBLIC_URL, refusal } from '../testing/oauth-connections.ts';
import { setOAuthScene } from '../testing/oauth-scene.ts';

const scene = setOAuthScene();

describe('startAuthorization', () => {
  it('sends the browser to the provider with PKCE, a state of 256 bits and our own redirect URI', async () => {
    const { connectionId } = await scene.ours.draft();

    const { url, expiresAt } = await scene.ours.start(connectionId);

    const { origin, pathname, searchParams } = new URL(url);
    expect(origin + pathname).toBe(`${scene.provider.url}/authorize`);
    expect(Object.fromEntries(searchParams)).toEqual({
      response_type: 'code',
      client_id: scene.provider.clientId,
      redirect_uri: `${PUBLIC_URL}/v1/authorizations/callback`,
      state: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
      scope: 'read write',
    });
    expect(Date.parse(expiresAt) - Date.now()).toBeLessThanOrEqual(600_000);
  });

  it('keeps neither the state nor the verifier where they could be read', async () => {
    const { connectionId } = await scene.ours.draft();
    const state = new URL((await scene.ours.start(connectionId)).url).searchParams.get('state')!;

    const rows = await scene.running.query(
      `select a::text, s::text as secret from authorizations a join connection_secrets s using (org_id, connection_id)`,
    );

    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain(state);
    expect(JSON.stringify(rows)).not.toContain(Buffer.from(state).toString('hex'));
  });

  it.each(['redirect_uri', 'state', 'code_challenge_method'])('takes no %s from the settings', async (name) => {
    const { connectionId } = await scene.ours.draft({ authorizationParameters: { [name]: 'https://evil.example/callback' } });

    expect(await refusal(scene.ours.start(connectionId))).toMatchObject({ code: 'failed_precondition', message: expect.stringContaining(name) });
  });

  it.each(['https://evil.example', '//evil.example', '/\\evil.example', '/\t/evil.example'])('brings nobody to %j afterwards', async (returnTo) => {
    const { connectionId } = await scene.ours.draft();

    expect(await refusal(scene.ours.start(connectionId, returnTo))).toMatchObject({ code: 'invalid_arguments' });
  });

  it('refuses a provider that knows PKCE only in its weak form', async () => {
    scene.provider.methods = ['plain'];
    const { connectionId } = await scene.ours.draft();

    expect(await refusal(scene.ours.start(connectionId))).toMatchObject({ code: 'failed_precondition', message: expect.stringContaining('PKCE') });
  });

  it('refuses metadata that name another issuer', async () => {
    scene.provider.issuer = 'https://other.example';
    const { connectionId } = await scene.ours.draft();

    expect(await refusal(scene.ours.start(connectionId))).toMatchObject({
      code: 'failed_precondition',
      message: expect.stringContaining("another issuer's"),
    });
  });

  it('is nothing for a connection without OAuth, or of another organization', async () => {
    const { organizationId } = scene.ours;
    const bearer = await scene.running.client.createConnection({
      organizationId,
      name: 'Key',
      kind: 'bearer',
      secret: 'sk_0123456789abcdef',
      acceptUnverified: true,
    });
    const stranger = await scene.running.client.createOrganization({ name: `Stranger to ${scene.provider.url}` });
    const { connectionId } = await scene.ours.draft();

    expect(await refusal(scene.ours.start(bearer.connectionId))).toMatchObject({ code: 'failed_precondition' });
    expect(await refusal(scene.running.client.startAuthorization({ organizationId: stranger.organizationId, connectionId }))).toMatchObject({
      code: 'not_found',
    });
  });
});
