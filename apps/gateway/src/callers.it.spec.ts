import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { credentials } from '@patchbay/contracts/credentials';
import { newId } from '@patchbay/service-kit/identity/new-id';
import { fakeService } from '@patchbay/testing/fake-service';
import { apiKeyOf, callerOf, MEMBER_KEY, OPERATOR_KEY, runGateway, SESSION, type RunningGateway } from '../testing/running-gateway.ts';

const personId = newId('person');
const keyId = newId('apiKey');
const LEAKED_KEY = apiKeyOf('leaked');
const JWT = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.c2lnbmVk';
const COOKIE = { cookie: `theme=dark; patchbay_session=${SESSION}` };

let gateway: RunningGateway;

beforeAll(async () => {
  gateway = await runGateway();
  gateway.callers.set(SESSION, callerOf(gateway.organizationId, ['keys:write', 'keys:read'], personId));
  gateway.callers.set(JWT, callerOf(gateway.organizationId, ['keys:read'], personId));
  fakeService(gateway.nats, credentials, {
    listApiKeys: async () => ({ apiKeys: [] }),
    revokeApiKey: async ({ apiKeyId }) => {
      const none = { expiresAt: null, lastUsedAt: null, replaces: null };
      gateway.callers.delete(LEAKED_KEY);
      const at = new Date().toISOString();
      return { apiKeyId, name: 'ci', permissions: [], createdAt: at, revokedAt: at, ...none };
    },
  });
  await gateway.nats.flush();
});

afterAll(() => gateway.stop());

const identified = () => gateway.asked.filter(({ subject }) => subject === 'credentials.v1.identify').map(({ input }) => input);

describe('a caller', () => {
  it('is known by an API key, a session or a signed token', async () => {
    for (const key of [MEMBER_KEY, SESSION, JWT]) {
      expect(await gateway.http('GET', '/v1/api-keys', { key })).toEqual({ status: 200, body: { apiKeys: [] } });
    }
  });

  it('that shows what no key looks like is refused in the words for a wrong key, and nobody is asked', async () => {
    const before = identified().length;

    expect(await gateway.http('GET', '/v1/caller', { key: 'pbk_0123_short' })).toMatchObject({
      status: 401,
      body: { code: 'unauthenticated', message: 'The API key is not valid.' },
    });
    expect(identified().length).toBe(before);
  });

  it('is known by the cookie of a browser', async () => {
    expect(await gateway.http('GET', '/v1/caller', { key: null, headers: COOKIE })).toMatchObject({
      status: 200,
      body: { personId },
    });
  });

  it('is who the header says, where a cookie says another', async () => {
    const { body } = await gateway.http('GET', '/v1/caller', { key: OPERATOR_KEY, headers: COOKIE });

    expect(body).toMatchObject({ apiKeyId: 'key_1', personId: null });
  });

  it.each([
    ['Basic cGJrOng=', 'another scheme'],
    ['Bearer', 'nothing behind the scheme'],
    [`Bearer pbk_${'x'.repeat(300)}`, 'a key that is too long'],
    [`Bearer ${'x'.repeat(9000)}`, 'a token that is too long'],
  ])('that shows %.20s is refused, and told how to come in: %s', async (authorization) => {
    const response = await gateway.fetch('GET', '/v1/caller', { key: null, headers: { authorization } });

    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({
      code: 'unauthenticated',
      details: { fields: [{ path: 'authorization' }] },
    });
  });

  it('is named, with its address, to the services that it causes to act', async () => {
    await gateway.http('GET', '/v1/api-keys', { key: MEMBER_KEY });
    await gateway.http('GET', '/v1/api-keys', { key: SESSION });

    const actors = gateway.asked.filter(({ subject }) => subject === 'credentials.v1.list_api_keys').map(({ actor }) => actor);
    expect(actors.slice(-2)).toEqual([
      { kind: 'api_key', id: 'key_1', from: '127.0.0.1' },
      { kind: 'person', id: personId, from: '127.0.0.1' },
    ]);
  });

  it('cannot say that it is another', async () => {
    const actor = JSON.stringify({ kind: 'person', id: newId('person') });

    await gateway.http('GET', '/v1/api-keys', { headers: { 'patchbay-actor': actor } });

    expect(gateway.asked.at(-1)).toMatchObject({
      subject: 'credentials.v1.list_api_keys',
      actor: { kind: 'api_key', id: 'key_1' },
    });
  });

  it('that was just shut out is shut out at once where it was done', async () => {
    gateway.callers.set(LEAKED_KEY, { ...callerOf(gateway.organizationId, ['keys:read']), apiKeyId: keyId });
    expect(await gateway.http('GET', '/v1/caller', { key: LEAKED_KEY })).toMatchObject({ status: 200 });

    expect(await gateway.http('DELETE', `/v1/api-keys/${keyId}`)).toMatchObject({
      status: 200,
      body: { apiKeyId: keyId },
    });

    expect(await gateway.http('GET', '/v1/caller', { key: LEAKED_KEY })).toMatchObject({ status: 401 });
  });
});

describe('a person of several organizations', () => {
  it('acts in the one that the request names', async () => {
    const other = newId('organization');

    const { body } = await gateway.http('GET', '/v1/caller', {
      key: SESSION,
      headers: { 'patchbay-organization': other },
    });

    expect(body).toMatchObject({ organizationId: other });
    expect(await gateway.http('GET', '/v1/caller', { key: SESSION })).toMatchObject({
      body: { organizationId: gateway.organizationId },
    });
  });

  it('is told when the name is none', async () => {
    expect(await gateway.http('GET', '/v1/caller', { key: SESSION, headers: { 'patchbay-organization': 'acme' } })).toMatchObject({
      status: 400,
      body: { details: { fields: [{ path: 'patchbay-organization' }] } },
    });
  });
});

describe('an API key', () => {
  it('acts in no organization but its own', async () => {
    expect(await gateway.http('GET', '/v1/caller', { headers: { 'patchbay-organization': newId('organization') } })).toMatchObject({
      status: 403,
      body: { code: 'forbidden', details: { fields: [{ path: 'patchbay-organization' }] } },
    });
  });
});

describe('a change by cookie', () => {
  const revoke = (headers: Record<string, string>) =>
    gateway.http('DELETE', `/v1/api-keys/${keyId}`, { key: null, headers: { ...COOKIE, ...headers } });

  it.each([
    ['says nothing of itself', {}],
    ['is another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
    ['is another site and claims the mark', { 'sec-fetch-site': 'cross-site', 'patchbay-csrf': '1' }],
    ['is a neighbour of the same domain', { 'sec-fetch-site': 'same-site' }],
    ['is of an old browser, at another origin', { origin: 'https://evil.example' }],
    ['has no origin', { origin: 'null' }],
  ])('is refused from a page that %s', async (_page, headers) => {
    const before = gateway.asked.length;

    expect(await revoke(headers as Record<string, string>)).toMatchObject({
      status: 403,
      body: { code: 'forbidden', message: expect.stringContaining('patchbay-csrf: 1') },
    });
    expect(gateway.asked.slice(before).filter(({ subject }) => subject.endsWith('revoke_api_key'))).toEqual([]);
  });

  it.each(['is ours', 'is ours in an old browser', 'carries the mark'])('is made from a page that %s', async (page) => {
    const shown: Record<string, Record<string, string>> = {
      'is ours': { 'sec-fetch-site': 'same-origin' },
      'is ours in an old browser': { origin: gateway.service.url },
      'carries the mark': { 'patchbay-csrf': '1' },
    };

    expect(await revoke(shown[page]!)).toMatchObject({ status: 200 });
  });

  it('needs no mark with a key, which no browser adds by itself', async () => {
    const headers = { ...COOKIE, 'sec-fetch-site': 'cross-site' };

    expect(await gateway.http('DELETE', `/v1/api-keys/${keyId}`, { headers })).toMatchObject({ status: 200 });
  });
});

describe('a gateway that believes nothing', () => {
  it('asks for every request, so that what ends elsewhere ends here', async () => {
    const sceptic = await runGateway({ GATEWAY_BELIEVED_MS: '0' });
    expect(await sceptic.http('GET', '/v1/caller')).toMatchObject({ status: 200 });

    sceptic.callers.delete(MEMBER_KEY);

    expect(await sceptic.http('GET', '/v1/caller')).toMatchObject({ status: 401 });
    await sceptic.stop();
  });

  it('may not be told to believe for more than ten seconds', async () => {
    await expect(runGateway({ GATEWAY_BELIEVED_MS: '10001' })).rejects.toThrow('GATEWAY_BELIEVED_MS');
  });
});
