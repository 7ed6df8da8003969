import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ApiKey, Edge } from '@patchbay/contracts/access';
import { credentials } from '@patchbay/contracts/credentials';
import { newId } from '@patchbay/service-kit/identity/new-id';
import { sealFor } from '@patchbay/service-kit/messaging/sealed';
import { fakeService } from '@patchbay/testing/fake-service';
import { apiKeyOf, callerOf, MEMBER_KEY, OPERATOR_KEY, runGateway, SESSION, type RunningGateway } from '../testing/running-gateway.ts';

const createdAt = '2026-01-01T00:00:00.000Z';
const expiresAt = '2100-01-01T00:00:00.000Z';
const keyId = newId('apiKey');
const edgeId = newId('edge');
const personId = newId('person');
const JWT = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.c2lnbmF0dXJlLW9mLWFubg';
const CODE = 'code-that-only-the-provider-may-see';
const STATE = 'state-of-this-one-sign-in';
const FIRST_KEY = apiKeyOf('first of an organization');
const NEW_KEY = apiKeyOf('new');
const NEXT_KEY = apiKeyOf('next');
const CREDENTIALS_FILE = '-----BEGIN USER NKEY SEED-----\nSUAFAKESEEDOFANEDGE\n------END USER NKEY SEED------\n';

const apiKey = (id: string) => ({ ...ApiKey.parse({ apiKeyId: id, name: 'ci', permissions: [], createdAt, expiresAt: null, lastUsedAt: null, revokedAt: null, replaces: null }) });
const edge = Edge.parse({ edgeId, name: 'Front desk', createdAt });
const edgeFile = { natsUrl: 'nats://nats.example:4222', permissions: { publish: [], subscribe: [] } };

let gateway: RunningGateway;
/** All that crosses NATS in either direction. */
let overheard: string[] = [];

beforeAll(async () => {
  gateway = await runGateway();
  gateway.callers.set(SESSION, callerOf(gateway.organizationId, ['keys:read'], personId));
  gateway.callers.set(JWT, callerOf(gateway.organizationId, ['keys:read'], personId));
  fakeService(gateway.nats, credentials, {
    createOrganization: async ({ name, sealTo }) => ({ organizationId: newId('organization'), name, createdAt, apiKey: await sealFor(sealTo!, FIRST_KEY) }),
    createApiKey: async ({ sealTo }) => ({ ...apiKey(keyId), apiKey: await sealFor(sealTo!, NEW_KEY) }),
    rotateApiKey: async ({ sealTo }) => ({ ...apiKey(newId('apiKey')), apiKey: await sealFor(sealTo!, NEXT_KEY) }),
    createEdge: async ({ sealTo }) => ({ ...edge, ...edgeFile, credentials: await sealFor(sealTo!, CREDENTIALS_FILE) }),
    renewEdge: async ({ sealTo }) => ({ ...edge, ...edgeFile, credentials: await sealFor(sealTo!, CREDENTIALS_FILE) }),
    startSignIn: async () => ({ url: 'https://login.example/', expiresAt }),
    completeSignIn: async ({ sealTo }) => ({ token: await sealFor(sealTo!, SESSION), expiresAt, returnTo: '/', personId, email: 'ann@example.com' }),
    endSignIn: async () => ({}),
    completeAuthorization: async () => {
      const connection = { connectionId: 'conn_1', name: 'Cal', provider: 'calcom', kind: 'oauth2_authorization_code', hint: '', version: 1, createdAt };
      return { connection: credentials.getConnection.output.parse(connection), returnTo: '/' };
    },
  });
  gateway.nats.subscribe('>', { callback: (_error, message) => void overheard.push(`${message.subject} ${message.string()}`) });
  await gateway.nats.flush();
});
beforeEach(() => {
  overheard = [];
});
afterAll(() => gateway.stop());

/** Whoever reads along sees this much of what a request was about, and nothing of the secret. */
async function expectUnheard(secret: string, operation: string): Promise<void> {
  await gateway.nats.flush();
  expect(overheard.filter((message) => message.startsWith(`credentials.v1.${operation} `))).not.toEqual([]);
  expect(overheard.filter((message) => message.includes(secret.slice(-12)) || message.includes(JSON.stringify(secret).slice(1, -1)))).toEqual([]);
}

describe('what a caller shows', () => {
  it.each([
    ['an API key', OPERATOR_KEY],
    ['a session token', SESSION],
    ['a token of the identity provider', JWT],
  ])('does not cross NATS: %s', async (_what, key) => {
    expect(await gateway.http('GET', '/v1/caller', { key })).toMatchObject({ status: 200, body: gateway.callers.get(key) });

    await expectUnheard(key, 'identify');
  });

  it('does not cross NATS as a cookie of a browser that comes back from a provider', async () => {
    const cookie = `patchbay_session=${SESSION.replace('fake', 'gone')}`;

    await gateway.fetch('GET', `/v1/authorizations/callback?code=${CODE}&state=${STATE}`, { key: null, headers: { cookie } });

    await expectUnheard(SESSION, 'identify');
  });

  it('does not cross NATS when they sign out', async () => {
    expect(await gateway.http('POST', '/v1/sign-out', { key: SESSION })).toMatchObject({ status: 200 });

    await expectUnheard(SESSION, 'end_sign_in');
  });
});

describe('what is shown once', () => {
  it.each([
    ['the key of a new organization', '/v1/organizations', { name: 'Acme' }, 'create_organization', { apiKey: FIRST_KEY }],
    ['a new API key', '/v1/api-keys', { name: 'ci', permissions: ['keys:read'] }, 'create_api_key', { apiKey: NEW_KEY }],
    ['the API key that replaces one', `/v1/api-keys/${keyId}/rotate`, {}, 'rotate_api_key', { apiKey: NEXT_KEY }],
    ['the credentials of a new edge', '/v1/edges', { name: 'Front desk' }, 'create_edge', { credentials: CREDENTIALS_FILE }],
    ['the next credentials of an edge', `/v1/edges/${edgeId}/credentials/renew`, {}, 'renew_edge', { credentials: CREDENTIALS_FILE }],
  ])('is read by whoever asked, and by nobody on the way: %s', async (_what, path, body, operation, shown) => {
    expect(await gateway.http('POST', path, { key: OPERATOR_KEY, body })).toMatchObject({ body: shown });

    await expectUnheard(Object.values(shown)[0]!, operation);
  });

  it('cannot be sealed for a key that a caller names', async () => {
    const sealTo = { kty: 'OKP', crv: 'X25519', x: 'A'.repeat(43) };
    await gateway.http('POST', '/v1/api-keys', { key: MEMBER_KEY, body: { name: 'ci', permissions: ['keys:read'], sealTo } });

    expect(gateway.asked.findLast(({ subject }) => subject.endsWith('create_api_key'))?.input['sealTo']).not.toEqual(sealTo);
  });
});

describe('what a browser brings back', () => {
  it('from the identity provider becomes a session, and neither crosses NATS', async () => {
    const begun = await gateway.fetch('GET', '/v1/sign-in', { key: null });
    const cookie = begun.headers.getSetCookie()[0]!.split(';')[0]!;

    const { headers } = await gateway.fetch('GET', `/v1/sign-in/callback?code=${CODE}&state=${STATE}`, { key: null, headers: { cookie } });

    expect(headers.getSetCookie().join()).toContain(`patchbay_session=${SESSION}`);
    for (const secret of [CODE, STATE, SESSION]) await expectUnheard(secret, 'complete_sign_in');
  });

  it('from the provider of a connection does not cross NATS', async () => {
    const { headers } = await gateway.fetch('GET', `/v1/authorizations/callback?code=${CODE}&state=${STATE}`, { key: null });

    expect(headers.get('location')).toBe('/?connected=conn_1');
    for (const secret of [CODE, STATE]) await expectUnheard(secret, 'complete_authorization');
  });

  it('is sealed many times with one ticket: strangers must not keep a key-management service busy', async () => {
    const before = gateway.asked.filter(({ subject }) => subject.endsWith('prepare_secret')).length;
    for (const state of ['one', 'two', 'three']) await gateway.fetch('GET', `/v1/authorizations/callback?code=${CODE}&state=${state}`, { key: null });

    expect(gateway.asked.filter(({ subject }) => subject.endsWith('prepare_secret')).length - before).toBeLessThanOrEqual(1);
  });
});
