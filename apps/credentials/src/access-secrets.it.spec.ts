import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { signInAt } from '../testing/browser.ts';
import { actingAs, byKey } from '../testing/acting-as.ts';
import { FakeOAuthProvider } from '../testing/fake-oauth-provider.ts';
import { OAuthConnections, OAUTH_ENV } from '../testing/oauth-connections.ts';
import { runCredentials, signInEnv, type RunningCredentials } from '../testing/running-credentials.ts';
import { runIssuer, type RunningIssuer } from '../testing/running-issuer.ts';

const BROWSER = 'browser-of-ada-0123456789';
const ADA = 'ada@clinic.example';
const INVALID = { code: 'unauthenticated', message: 'The API key is not valid.' };

let issuer: RunningIssuer;
let running: RunningCredentials;
let organizationId: string;
/** Of the key that came with the organization. */
let first: { apiKey: string; apiKeyId: string };
let count = 0;
/** All that crosses NATS, in either direction. */
let overheard: string[] = [];

beforeAll(async () => {
  issuer = await runIssuer({ people: { ada: { email: ADA, email_verified: true } }, claimsInIdToken: true });
  running = await runCredentials({ ...signInEnv(issuer.url), ...OAUTH_ENV });
  running.nats.subscribe('>', { callback: (_error, message) => void overheard.push(`${message.subject} ${message.string()}`) });
});
beforeEach(async () => {
  await running.query('delete from people');
  overheard = [];
  const made = await running.client.createOrganization({ name: `Clinic ${(count += 1)}` });
  organizationId = made.organizationId;
  first = { apiKey: made.apiKey, apiKeyId: (await running.client.identify({ apiKey: made.apiKey })).apiKeyId };
  await actingAs(byKey(first.apiKeyId), () => running.client.invitePerson({ organizationId, email: ADA, role: 'viewer' }));
});
afterAll(async () => {
  await running.stop();
  await issuer.stop();
});

async function begun(): Promise<Record<string, string>> {
  const { url } = await running.client.startSignIn({ browserBinding: BROWSER });
  return signInAt(url, 'ada');
}

/** Whoever reads along sees the request, and nothing of the secret. */
async function expectUnheard(operation: string, ...secrets: string[]): Promise<void> {
  await running.nats.flush();
  expect(overheard.filter((message) => message.startsWith(`credentials.v1.${operation} `))).not.toEqual([]);
  for (const secret of secrets) {
    expect(secret.length).toBeGreaterThan(20);
    expect(overheard.filter((message) => message.includes(secret.slice(-20)))).toEqual([]);
  }
}

describe('an API key', () => {
  it('does not cross NATS when it is made, shown or replaced', async () => {
    const { apiKey, apiKeyId } = await actingAs(byKey(first.apiKeyId), () =>
      running.client.createApiKey({ organizationId, name: 'ci', permissions: ['calls:read'] }),
    );
    const replacement = await actingAs(byKey(first.apiKeyId), () => running.client.rotateApiKey({ organizationId, apiKeyId }));
    expect(await running.client.identify({ apiKey: replacement.apiKey })).toMatchObject({ organizationId, apiKeyId: replacement.apiKeyId });

    await expectUnheard('create_organization', first.apiKey);
    await expectUnheard('create_api_key', apiKey);
    await expectUnheard('rotate_api_key', replacement.apiKey);
    await expectUnheard('identify', first.apiKey, replacement.apiKey);
  });

  it('is known by its hash and its id together, and by neither alone', async () => {
    const other = await running.client.createOrganization({ name: `Other ${count}` });
    const { apiKeyId: otherId } = await running.client.identify({ apiKey: other.apiKey });
    const [asked] = overheard.filter((message) => message.startsWith('credentials.v1.identify '));
    const { apiKeyProof } = JSON.parse(asked!.split(' ').slice(1).join(' ')) as { apiKeyProof: { apiKeyId: string; sha256: string } };
    expect(apiKeyProof.apiKeyId).toBe(first.apiKeyId);

    expect(await running.plainClient.identify({ apiKeyProof })).toMatchObject({ organizationId });
    for (const wrong of [
      { ...apiKeyProof, apiKeyId: otherId },
      { ...apiKeyProof, sha256: '0'.repeat(64) },
      { apiKeyId: 'key_0000000000000000', sha256: apiKeyProof.sha256 },
    ])
      await expect(running.plainClient.identify({ apiKeyProof: wrong })).rejects.toMatchObject(INVALID);
  });
});

describe('the credentials of an edge', () => {
  it('do not cross NATS when they are made and renewed', async () => {
    const made = await running.client.createEdge({ organizationId, name: 'Front desk' });
    const renewed = await running.client.renewEdge({ organizationId, edgeId: made.edgeId });

    for (const [operation, { credentials }] of [['create_edge', made], ['renew_edge', renewed]] as const) {
      const seed = /^SU[A-Z2-7]{56}$/m.exec(credentials)![0];
      const signature = /^eyJ[\w-]+\.[\w-]+\.([\w-]+)$/m.exec(credentials)![1]!;
      await expectUnheard(operation, seed, signature);
    }
  });
});

describe('a session', () => {
  it('does not cross NATS, nor does the code that it is made of', async () => {
    const query = await begun();
    const { token } = await running.client.completeSignIn({ browserBinding: BROWSER, query });
    expect(await running.client.identify({ token })).toMatchObject({ organizationId, name: ADA });
    await running.client.endSignIn({ token });
    await expect(running.client.identify({ token })).rejects.toMatchObject({ code: 'unauthenticated' });

    await expectUnheard('complete_sign_in', token, query['code']!);
    await expectUnheard('identify', token);
    await expectUnheard('end_sign_in', token);
  });

  it('does not begin with a call-back that was sealed and has no form', async () => {
    const query = { code: ['one', 'two'] } as unknown as Record<string, string>;

    await expect(running.client.completeSignIn({ browserBinding: BROWSER, query })).rejects.toMatchObject({ code: 'invalid_arguments' });
  });
});

describe('a token of the identity provider', () => {
  it('does not cross NATS', async () => {
    await running.client.completeSignIn({ browserBinding: BROWSER, query: await begun() });
    const token = await issuer.token();

    expect(await running.client.identify({ token })).toMatchObject({ organizationId, name: ADA });

    await expectUnheard('identify', token);
  });
});

describe('the code of a provider', () => {
  it('does not cross NATS', async () => {
    const provider = await FakeOAuthProvider.start();
    try {
      const accounts = new OAuthConnections(running, provider, organizationId);
      await accounts.connected();

      await expectUnheard('complete_authorization', provider.tokenRequests[0]!.parameters['code']!);
    } finally {
      await provider.stop();
    }
  });
});

describe('a gateway of the release before', () => {
  it('shows and is shown everything as it is', async () => {
    const { plainClient } = running;
    const { organizationId: own, apiKey } = await plainClient.createOrganization({ name: `Before ${count}` });
    const { apiKeyId } = await plainClient.identify({ apiKey });
    const made = await actingAs(byKey(apiKeyId), () => plainClient.createApiKey({ organizationId: own, name: 'ci', permissions: ['calls:read'] }));
    expect(await plainClient.identify({ apiKey: made.apiKey })).toMatchObject({ organizationId: own, apiKeyId: made.apiKeyId });

    expect((await plainClient.createEdge({ organizationId: own, name: 'Front desk' })).credentials).toContain('BEGIN NATS USER JWT');

    const { token } = await plainClient.completeSignIn({ browserBinding: BROWSER, query: await begun() });
    expect(await plainClient.identify({ token })).toMatchObject({ organizationId, name: ADA });
    // Two tokens of one second are the same but for this: one that is sealed elsewhere must not be the one that is not.
    const told = await issuer.token({ jti: 'of the release before' });
    expect(await plainClient.identify({ token: told })).toMatchObject({ organizationId, name: ADA });
    await plainClient.endSignIn({ token });
    await expect(plainClient.identify({ token })).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  it('must show one thing, and not two', async () => {
    await expect(running.plainClient.identify({})).rejects.toMatchObject({ code: 'invalid_arguments' });
    await expect(running.plainClient.identify({ apiKey: 'pbk_a', token: 'pbs_b' })).rejects.toMatchObject({ code: 'invalid_arguments' });
    await expect(running.plainClient.endSignIn({})).rejects.toMatchObject({ code: 'invalid_arguments' });
  });
});
