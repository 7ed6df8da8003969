import { describe, expect, it } from '@jest/globals';
import { FakeOAuthProvider } from '../testing/fake-oauth-provider.ts';
import { PUBLIC_URL, refusal } from '../testing/oauth-connections.ts';
import { setOAuthScene } from '../testing/oauth-scene.ts';

const scene = setOAuthScene();
const complete = (query: Record<string, string>) => scene.running.client.completeAuthorization({ query });

describe('an account that somebody has agreed to connect', () => {
  it('makes a draft a connection that is used with the access token, and shows no token', async () => {
    const draft = await scene.ours.draft();
    const { url } = await scene.ours.start(draft.connectionId, '/connections/mine');

    const { connection, returnTo } = await complete(await scene.provider.agree(url));

    expect(draft).toMatchObject({ lifecycle: 'draft', status: 'pending' });
    expect(connection).toMatchObject({
      connectionId: draft.connectionId,
      lifecycle: 'active',
      health: 'healthy',
      grantedScopes: ['read', 'write'],
      expiresAt: expect.any(String),
      nextRefreshAt: expect.any(String),
    });
    expect(returnTo).toBe('/connections/mine');
    expect(scene.provider.issued.knows((await scene.ours.token(connection))!)).toBe(true);
    expect(JSON.stringify(connection)).not.toMatch(/at_|rt_|shh_/);
  });

  it('shows the token end point the verifier, the redirect URI and the client, and the redirect URI of nobody else', async () => {
    const { connectionId } = await scene.ours.draft();
    const query = await scene.provider.agree((await scene.ours.start(connectionId)).url);

    await complete({ ...query, redirect_uri: 'https://evil.example/callback' });

    const { parameters, authorization } = scene.provider.tokenRequests[0]!;
    expect(parameters).toEqual({
      grant_type: 'authorization_code',
      code: query['code'],
      code_verifier: expect.stringMatching(/^[\w-]{43,}$/),
      redirect_uri: `${PUBLIC_URL}/v1/authorizations/callback`,
    });
    expect(Buffer.from(authorization!.replace('Basic ', ''), 'base64').toString()).toBe(`${scene.provider.clientId}:${scene.provider.clientSecret}`);
  });

  it('keeps the connection when an account is connected anew', async () => {
    const connection = await scene.ours.connected();
    const first = await scene.ours.token(connection);

    const again = await scene.ours.connect(connection.connectionId);

    expect(again.connectionId).toBe(connection.connectionId);
    expect(await scene.ours.token(connection)).not.toBe(first);
  });

  it('reads an answer that is not quite of the protocol, and one without scopes or expiry', async () => {
    scene.provider.trouble({
      status: 200,
      body: '{"access_token":"lenient-token","scope":null,"expires_in":-1,"refresh_token":"r","id_token":"not.a.jwt"}',
    });

    const connection = await scene.ours.connected();

    expect(connection).toMatchObject({ health: 'healthy', grantedScopes: ['read', 'write'], expiresAt: null, nextRefreshAt: expect.any(String) });
    expect(await scene.ours.token(connection)).toBe('lenient-token');
  });

  it('tells when less was granted than asked for', async () => {
    scene.provider.issued.grants = 'read';

    expect(await scene.ours.connected()).toMatchObject({ health: 'scope_insufficient', grantedScopes: ['read'] });
  });
});

describe('an MCP server with OAuth', () => {
  const draft = (issuer?: string) =>
    scene.running.client.createConnection({
      organizationId: scene.ours.organizationId,
      name: 'Tools',
      provider: 'tools',
      kind: 'mcp',
      settings: {
        mcp: { url: scene.provider.mcpUrl, authentication: 'oauth' },
        oauth: { clientId: scene.provider.clientId, scopes: [], clientAuthentication: 'post', ...(issuer ? { issuer } : {}) },
      },
      secret: scene.provider.clientSecret,
    });

  it('says itself who issues its tokens, which are asked for it alone', async () => {
    const { connectionId } = await draft();

    const { url } = await scene.ours.start(connectionId);
    const connection = await scene.ours.connect(connectionId);

    expect(new URL(url).searchParams.get('resource')).toBe(scene.provider.mcpUrl);
    expect(scene.provider.tokenRequests[0]!.parameters['resource']).toBe(scene.provider.mcpUrl);
    expect(connection).toMatchObject({ lifecycle: 'active', health: 'healthy' });
  });

  it.each([
    ['names another issuer than the one it was set up with', () => ({ resource: scene.provider.mcpUrl, authorization_servers: ['https://other.example'] })],
    ['speaks for another resource', () => ({ resource: 'https://other.example/mcp', authorization_servers: [scene.provider.url] })],
    ['says nothing', () => null],
  ])('is refused when it %s', async (_name, metadata) => {
    scene.provider.mcpMetadata = metadata();
    const { connectionId } = await draft(scene.provider.url);

    expect(await refusal(scene.ours.start(connectionId))).toMatchObject({ code: 'failed_precondition' });
  });

  it('is refused when its issuer does not say that it knows PKCE', async () => {
    scene.provider.methods = undefined;
    const { connectionId } = await draft();

    expect(await refusal(scene.ours.start(connectionId))).toMatchObject({ code: 'failed_precondition', message: expect.stringContaining('PKCE') });
  });

  it('does not get the refresh token of one issuer shown to the next one it names', async () => {
    const { connectionId } = await draft();
    const connection = await scene.ours.connect(connectionId);
    const other = await FakeOAuthProvider.start();
    scene.provider.mcpMetadata = { resource: scene.provider.mcpUrl, authorization_servers: [other.url] };
    await scene.ours.age(connection, '1 minute');

    await scene.ours.refresh(connection);

    expect(other.tokenRequests).toHaveLength(0);
    expect(scene.provider.tokenRequests.at(-1)!.parameters).toMatchObject({ grant_type: 'refresh_token', resource: scene.provider.mcpUrl });
    await other.stop();
  });
});
