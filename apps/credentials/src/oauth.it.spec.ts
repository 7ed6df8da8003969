import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeOAuthProvider } from '../testing/fake-oauth-provider.ts';
import { OAUTH_ENV, OAuthConnections, PUBLIC_URL, refusal } from '../testing/oauth-connections.ts';
import { runCredentials, type RunningCredentials } from '../testing/running-credentials.ts';

let running: RunningCredentials;
let provider: FakeOAuthProvider;
let ours: OAuthConnections;
let count = 0;
beforeAll(async () => {
  running = await runCredentials(OAUTH_ENV);
});
beforeEach(async () => {
  count += 1;
  provider = await FakeOAuthProvider.start();
  const { organizationId } = await running.client.createOrganization({ name: `Owner ${count}` });
  ours = new OAuthConnections(running, provider, organizationId);
});
afterEach(() => provider.stop());
afterAll(() => running.stop());

const complete = (query: Record<string, string>) => running.client.completeAuthorization({ query });

describe('startAuthorization', () => {
  it('sends the browser to the provider with PKCE, a state of 256 bits and our own redirect URI', async () => {
    const { connectionId } = await ours.draft();

    const { url, expiresAt } = await ours.start(connectionId);

    const { origin, pathname, searchParams } = new URL(url);
    expect(origin + pathname).toBe(`${provider.url}/authorize`);
    expect(Object.fromEntries(searchParams)).toEqual({
      response_type: 'code',
      client_id: provider.clientId,
      redirect_uri: `${PUBLIC_URL}/v1/authorizations/callback`,
      state: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
      scope: 'read write',
    });
    expect(Date.parse(expiresAt) - Date.now()).toBeLessThanOrEqual(600_000);
  });

  it('keeps neither the state nor the verifier where they could be read', async () => {
    const { connectionId } = await ours.draft();
    const state = new URL((await ours.start(connectionId)).url).searchParams.get('state')!;

    const rows = await running.query(
      `select a::text, s::text as secret from authorizations a join connection_secrets s using (org_id, connection_id)`,
    );

    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain(state);
    expect(JSON.stringify(rows)).not.toContain(Buffer.from(state).toString('hex'));
  });

  it.each(['redirect_uri', 'state', 'code_challenge_method'])('takes no %s from the settings', async (name) => {
    const { connectionId } = await ours.draft({ authorizationParameters: { [name]: 'https://evil.example/callback' } });

    expect(await refusal(ours.start(connectionId))).toMatchObject({ code: 'failed_precondition', message: expect.stringContaining(name) });
  });

  it.each(['https://evil.example', '//evil.example', '/\\evil.example', '/\t/evil.example'])('brings nobody to %j afterwards', async (returnTo) => {
    const { connectionId } = await ours.draft();

    expect(await refusal(ours.start(connectionId, returnTo))).toMatchObject({ code: 'invalid_arguments' });
  });

  it('refuses a provider that knows PKCE only in its weak form', async () => {
    provider.methods = ['plain'];
    const { connectionId } = await ours.draft();

    expect(await refusal(ours.start(connectionId))).toMatchObject({ code: 'failed_precondition', message: expect.stringContaining('PKCE') });
  });

  it('refuses metadata that name another issuer', async () => {
    provider.issuer = 'https://other.example';
    const { connectionId } = await ours.draft();

    expect(await refusal(ours.start(connectionId))).toMatchObject({
      code: 'failed_precondition',
      message: expect.stringContaining("another issuer's"),
    });
  });

  it('is nothing for a connection without OAuth, or of another organization', async () => {
    const { organizationId } = ours;
    const bearer = await running.client.createConnection({
      organizationId,
      name: 'Key',
      kind: 'bearer',
      secret: 'sk_0123456789abcdef',
      acceptUnverified: true,
    });
    const stranger = await running.client.createOrganization({ name: `Stranger ${count}` });
    const { connectionId } = await ours.draft();

    expect(await refusal(ours.start(bearer.connectionId))).toMatchObject({ code: 'failed_precondition' });
    expect(await refusal(running.client.startAuthorization({ organizationId: stranger.organizationId, connectionId }))).toMatchObject({
      code: 'not_found',
    });
  });
});

describe('completeAuthorization', () => {
  it('makes a draft a connection that is used with the access token, and shows no token', async () => {
    const draft = await ours.draft();
    const { url } = await ours.start(draft.connectionId, '/connections/mine');

    const { connection, returnTo } = await complete(await provider.agree(url));

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
    expect(provider.knows((await ours.token(connection))!)).toBe(true);
    expect(JSON.stringify(connection)).not.toMatch(/at_|rt_|shh_/);
  });

  it('shows the token end point the verifier, the redirect URI and the client, and the redirect URI of nobody else', async () => {
    const { connectionId } = await ours.draft();
    const query = await provider.agree((await ours.start(connectionId)).url);

    await complete({ ...query, redirect_uri: 'https://evil.example/callback' });

    const { parameters, authorization } = provider.tokenRequests[0]!;
    expect(parameters).toEqual({
      grant_type: 'authorization_code',
      code: query['code'],
      code_verifier: expect.stringMatching(/^[\w-]{43,}$/),
      redirect_uri: `${PUBLIC_URL}/v1/authorizations/callback`,
    });
    expect(Buffer.from(authorization!.replace('Basic ', ''), 'base64').toString()).toBe(`${provider.clientId}:${provider.clientSecret}`);
  });

  it('takes an answer only in the browser that began, or where somebody of the organization is signed in', async () => {
    const { organizationId } = ours;
    const [mine, yours] = ['m'.repeat(43), 'y'.repeat(43)];
    const begin = async () => {
      const { connectionId } = await ours.draft();
      const { url } = await running.client.startAuthorization({ organizationId, connectionId, browserBinding: mine });
      return provider.agree(url);
    };
    const finish = async (more: object) => running.client.completeAuthorization({ query: await begin(), ...more });
    const elsewhere = { code: 'unauthenticated', message: expect.stringContaining('in another browser') };

    await expect(finish({ browserBinding: yours })).rejects.toMatchObject(elsewhere);
    await expect(finish({})).rejects.toMatchObject(elsewhere);
    await expect(finish({ signedInTo: 'org_somebodyelse' })).rejects.toMatchObject(elsewhere);
    expect(provider.tokenRequests).toHaveLength(0);
    expect(await finish({ browserBinding: mine })).toMatchObject({ connection: { lifecycle: 'active' } });
    expect(await finish({ browserBinding: yours, signedInTo: organizationId })).toMatchObject({ connection: { lifecycle: 'active' } });
  });

  it('keeps the connection when an account is connected anew', async () => {
    const connection = await ours.connected();
    const first = await ours.token(connection);

    const again = await ours.connect(connection.connectionId);

    expect(again.connectionId).toBe(connection.connectionId);
    expect(await ours.token(connection)).not.toBe(first);
  });

  it.each([
    ['that was never given out', async () => ({ state: 'a'.repeat(43), code: 'x' })],
    ['that is missing', async () => ({ code: 'x' })],
  ])('refuses a state %s', async (_name, query) => {
    expect(await refusal(complete(await query()))).toMatchObject({ code: 'unauthenticated' });
  });

  it('refuses a state the second time, and asks the provider nothing', async () => {
    const { connectionId } = await ours.draft();
    const query = await provider.agree((await ours.start(connectionId)).url);
    await complete(query);

    expect(await refusal(complete(query))).toMatchObject({ code: 'unauthenticated', message: expect.stringContaining('used already') });
    expect(provider.tokenRequests).toHaveLength(1);
  });

  it('lets one of two through that bring the same state at once', async () => {
    const { connectionId } = await ours.draft();
    const query = await provider.agree((await ours.start(connectionId)).url);

    const results = await Promise.allSettled([complete(query), complete(query)]);

    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(provider.tokenRequests).toHaveLength(1);
  });

  it('refuses a state after ten minutes', async () => {
    const { connectionId } = await ours.draft();
    const query = await provider.agree((await ours.start(connectionId)).url);
    await running.query(`update authorizations set expires_at = now() where connection_id = $1`, [connectionId]);

    expect(await refusal(complete(query))).toMatchObject({ code: 'unauthenticated' });
    expect(provider.tokenRequests).toHaveLength(0);
  });

  it.each([
    ['of another issuer', { iss: 'https://other.example' }],
    ['without the issuer that it always names', { iss: '' }],
    ['in the form of a hybrid flow', { id_token: 'x' }],
    ['without a code', { code: '' }],
  ])('refuses an answer %s, and asks the provider nothing', async (_name, changes) => {
    const { connectionId } = await ours.draft();
    const query = await provider.agree((await ours.start(connectionId)).url);
    const changed = Object.fromEntries(Object.entries({ ...query, ...changes }).filter(([, value]) => value !== ''));

    expect(await refusal(complete(changed))).toMatchObject({ code: 'unauthenticated' });
    expect(provider.tokenRequests).toHaveLength(0);
  });

  it('says that the person did not agree', async () => {
    const { connectionId } = await ours.draft();
    const { state, iss } = await provider.agree((await ours.start(connectionId)).url);

    const refused = await refusal(complete({ state: state!, iss: iss!, error: 'access_denied', error_description: 'The reason is <b>secret</b>' }));

    expect(refused).toMatchObject({ code: 'failed_precondition', message: expect.stringContaining('not granted') });
    expect(refused!.message).not.toContain('secret');
    expect(await running.client.getConnection({ organizationId: ours.organizationId, connectionId })).toMatchObject({ lifecycle: 'draft' });
  });

  it.each([
    ['a page', { status: 200, body: '<html>sorry</html>', type: 'text/html' }, '200'],
    ['200 with an error', { status: 200, body: '{"error":"bad_verification_code"}' }, 'bad_verification_code'],
    ['an error with words of its own', { status: 400, body: '{"error":"code_leaked_rt_123"}' }, 'an error of its own'],
    ['a token with a new line', { status: 200, body: '{"access_token":"a\\nb","token_type":"Bearer"}' }, '200'],
    ['half of an answer', { status: 200, body: '{"access_token":"a' }, '200'],
    ['a redirect', { status: 302, body: '', headers: { location: 'https://evil.example' } }, '302'],
  ])('says so in words when the token end point answers %s', async (_name, trouble, said) => {
    provider.trouble(trouble);
    const { connectionId } = await ours.draft();
    const query = await provider.agree((await ours.start(connectionId)).url);

    const refused = await refusal(complete(query));

    expect(refused).toMatchObject({ code: 'failed_precondition', message: expect.stringContaining(said) });
    expect(refused!.message).not.toContain('rt_123');
  });

  it('reads an answer that is not quite of the protocol, and one without scopes or expiry', async () => {
    provider.trouble({
      status: 200,
      body: '{"access_token":"lenient-token","scope":null,"expires_in":-1,"refresh_token":"r","id_token":"not.a.jwt"}',
    });

    const connection = await ours.connected();

    expect(connection).toMatchObject({ health: 'healthy', grantedScopes: ['read', 'write'], expiresAt: null, nextRefreshAt: expect.any(String) });
    expect(await ours.token(connection)).toBe('lenient-token');
  });

  it('tells when less was granted than asked for', async () => {
    provider.grants = 'read';

    expect(await ours.connected()).toMatchObject({ health: 'scope_insufficient', grantedScopes: ['read'] });
  });
});

describe('an MCP server with OAuth', () => {
  const draft = (issuer?: string) =>
    running.client.createConnection({
      organizationId: ours.organizationId,
      name: 'Tools',
      provider: 'tools',
      kind: 'mcp',
      settings: {
        mcp: { url: provider.mcpUrl, authentication: 'oauth' },
        oauth: { clientId: provider.clientId, scopes: [], clientAuthentication: 'post', ...(issuer ? { issuer } : {}) },
      },
      secret: provider.clientSecret,
    });

  it('says itself who issues its tokens, which are asked for it alone', async () => {
    const { connectionId } = await draft();

    const { url } = await ours.start(connectionId);
    const connection = await ours.connect(connectionId);

    expect(new URL(url).searchParams.get('resource')).toBe(provider.mcpUrl);
    expect(provider.tokenRequests[0]!.parameters['resource']).toBe(provider.mcpUrl);
    expect(connection).toMatchObject({ lifecycle: 'active', health: 'healthy' });
  });

  it.each([
    ['names another issuer than the one it was set up with', () => ({ resource: provider.mcpUrl, authorization_servers: ['https://other.example'] })],
    ['speaks for another resource', () => ({ resource: 'https://other.example/mcp', authorization_servers: [provider.url] })],
    ['says nothing', () => null],
  ])('is refused when it %s', async (_name, metadata) => {
    provider.mcpMetadata = metadata();
    const { connectionId } = await draft(provider.url);

    expect(await refusal(ours.start(connectionId))).toMatchObject({ code: 'failed_precondition' });
  });

  it('is refused when its issuer does not say that it knows PKCE', async () => {
    provider.methods = undefined;
    const { connectionId } = await draft();

    expect(await refusal(ours.start(connectionId))).toMatchObject({ code: 'failed_precondition', message: expect.stringContaining('PKCE') });
  });

  it('does not get the refresh token of one issuer shown to the next one it names', async () => {
    const { connectionId } = await draft();
    const connection = await ours.connect(connectionId);
    const other = await FakeOAuthProvider.start();
    provider.mcpMetadata = { resource: provider.mcpUrl, authorization_servers: [other.url] };
    await ours.age(connection, '1 minute');

    await ours.refresh(connection);

    expect(other.tokenRequests).toHaveLength(0);
    expect(provider.tokenRequests.at(-1)!.parameters).toMatchObject({ grant_type: 'refresh_token', resource: provider.mcpUrl });
    await other.stop();
  });
});
