import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CallbackQuery } from '@patchbay/contracts/access';
import { credentials } from '@patchbay/contracts/credentials';
import { ServiceError } from '@patchbay/contracts/errors';
import type { Sealed } from '@patchbay/contracts/sealing';
import { newId } from '@patchbay/service-kit/identity/new-id';
import { sealFor } from '@patchbay/service-kit/messaging/sealed';
import { fakeService } from '@patchbay/testing/fake-service';
import { callerOf, runGateway, SESSION, sha256, type RunningGateway } from '../testing/running-gateway.ts';

const ISSUER = 'https://login.example/authorize?state=st';
const expiresAt = '2100-01-01T00:00:00.000Z';
const personId = newId('person');

let gateway: RunningGateway;
/** What credentials says after a sign-in; a test may make it fail. */
let returnTo = '/calls';
let refusal: Error | null = null;

beforeAll(async () => {
  gateway = await runGateway({ GATEWAY_PUBLIC_URL: 'https://patchbay.example' });
  fakeService(gateway.nats, credentials, {
    startSignIn: async () => {
      if (refusal) throw refusal;
      return { url: ISSUER, expiresAt };
    },
    completeSignIn: async ({ sealed, sealTo }) => {
      if (refusal) throw refusal;
      if (!CallbackQuery.safeParse(await gateway.opened(sealed!)).success) throw new ServiceError('invalid_arguments', 'The query does not fit.');
      return { token: await sealFor(sealTo!, SESSION), expiresAt, returnTo, personId, email: 'ann@example.com' };
    },
    startAuthorization: async () => {
      return { url: 'https://provider.example/authorize', expiresAt };
    },
    completeAuthorization: async () => {
      if (refusal) throw refusal;
      const connection = {
        connectionId: 'conn_1',
        name: 'Cal',
        provider: 'calcom',
        kind: 'oauth2_authorization_code' as const,
      };
      const parsed = credentials.getConnection.output.parse({
        ...connection,
        hint: '',
        version: 1,
        createdAt: expiresAt,
      });
      return { connection: parsed, returnTo };
    },
    endSignIn: async ({ sessionSha256 }) => {
      for (const token of gateway.callers.keys()) if (sha256(token) === sessionSha256) gateway.callers.delete(token);
      return {};
    },
  });
  await gateway.nats.flush();
});

beforeEach(() => {
  returnTo = '/calls';
  refusal = null;
});

afterAll(() => gateway.stop());

const browse = (path: string, cookie?: string) => gateway.fetch('GET', path, { key: null, headers: cookie ? { cookie } : {} });
const lastAsked = (operation: string) => gateway.asked.findLast(({ subject }) => subject === `credentials.v1.${operation}`);

/** Begins a sign-in and returns the cookie that the browser now has. */
async function begun(): Promise<string> {
  const response = await browse('/v1/sign-in');
  return response.headers.getSetCookie()[0]!.split(';')[0]!;
}

describe('a sign-in', () => {
  it('begins with a mark in the browser that no script reads, and goes on at the identity provider', async () => {
    const response = await browse('/v1/sign-in?returnTo=/calls/ses_1');

    const [mark = '', ...others] = response.headers.getSetCookie();
    expect([response.status, response.headers.get('location')]).toEqual([302, ISSUER]);
    expect(others).toEqual([]);
    expect(mark).toMatch(/^patchbay_sign_in=[\w-]{43}; Max-Age=600; Path=\/v1\/sign-in; HttpOnly; Secure; SameSite=Lax$/);
    expect(lastAsked('start_sign_in')?.input).toEqual({ browserBinding: mark.slice(17, 60), returnTo: '/calls/ses_1' });
  });

  it('ends with the session in a cookie, at the page it was begun for', async () => {
    const cookie = await begun();

    const response = await browse('/v1/sign-in/callback?code=c0de&state=st&iss=https%3A%2F%2Flogin.example', cookie);

    expect([response.status, response.headers.get('location')]).toEqual([302, '/calls']);
    const { sealed, ...rest } = lastAsked('complete_sign_in')!.input as { sealed: Sealed };
    expect(rest).toEqual({ browserBinding: cookie.split('=')[1], query: {}, sealTo: { kty: 'OKP', crv: 'X25519', x: expect.any(String) } });
    expect(await gateway.opened(sealed)).toEqual({ code: 'c0de', state: 'st', iss: 'https://login.example' });
    const [forgotten, session] = response.headers.getSetCookie();
    expect(forgotten).toContain('patchbay_sign_in=; ');
    expect(session).toBe(`patchbay_session=${SESSION}; Path=/; Expires=Fri, 01 Jan 2100 00:00:00 GMT; HttpOnly; Secure; SameSite=Lax`);
  });

  it('is not finished by a browser that did not begin it', async () => {
    const before = gateway.asked.length;

    const response = await browse('/v1/sign-in/callback?code=c0de&state=st');

    expect(response.headers.get('location')).toMatch(/^\/\?problem=This\+browser\+has\+begun\+no\+sign-in/);
    expect(response.headers.getSetCookie().join()).not.toContain('patchbay_session');
    expect(gateway.asked.slice(before)).toEqual([]);
  });

  it('that is refused says so on a page, and keeps no session', async () => {
    const cookie = await begun();
    refusal = new ServiceError('forbidden', 'Nobody invited ann@example.com.');

    const response = await browse('/v1/sign-in/callback?code=c0de&state=st', cookie);

    expect([response.status, response.headers.get('location')]).toEqual([302, '/?problem=Nobody+invited+ann%40example.com.']);
    expect(response.headers.getSetCookie().join()).not.toContain('patchbay_session');
  });

  it('that cannot be said in one way only is refused', async () => {
    const response = await browse('/v1/sign-in/callback?state=a&state=b', await begun());

    expect(response.headers.get('location')).toMatch(/^\/\?problem=/);
    expect(response.headers.getSetCookie().join()).not.toContain('patchbay_session');
  });

  it('that is not set up says so', async () => {
    refusal = new ServiceError('failed_precondition', 'Set CREDENTIALS_OIDC_ISSUER.');

    const response = await browse('/v1/sign-in');
    expect([response.status, response.headers.getSetCookie()]).toEqual([412, []]);
    expect(await response.json()).toMatchObject({ code: 'failed_precondition', message: 'Set CREDENTIALS_OIDC_ISSUER.' });
  });

  it.each(['//evil.example', '/\\evil.example', 'https://evil.example', '/.//evil.example'])('never sends the browser to %s', async (path) => {
    const cookie = await begun();
    returnTo = path;

    expect((await browse('/v1/sign-in/callback?code=c0de&state=st', cookie)).headers.get('location')).toBe('/');
  });

  it('ends when its owner signs out, cookie and all', async () => {
    gateway.callers.set(SESSION, callerOf(gateway.organizationId, ['calls:read'], personId));
    const headers = { cookie: `patchbay_session=${SESSION}`, 'patchbay-csrf': '1' };

    const response = await gateway.fetch('POST', '/v1/sign-out', { key: null, headers });

    expect(response.status).toBe(200);
    expect(response.headers.getSetCookie()).toEqual([expect.stringMatching(/^patchbay_session=; Max-Age=0; Path=\/; Expires=Thu, 01 Jan 1970/)]);
    expect(lastAsked('end_sign_in')?.input).toEqual({ sessionSha256: sha256(SESSION) });
    expect((await gateway.http('GET', '/v1/caller', { key: null, headers })).status).toBe(401);
  });

  it('is not what an API key ends', async () => {
    expect(await gateway.http('POST', '/v1/sign-out')).toMatchObject({
      status: 412,
      body: { code: 'failed_precondition' },
    });
  });
});

describe('the way back from a provider', () => {
  it('connects the account and goes on where it was begun', async () => {
    returnTo = '/connections?tab=all#cal';

    const response = await browse('/v1/authorizations/callback?code=c0de&state=st');

    expect([response.status, response.headers.get('location')]).toEqual([302, '/connections?tab=all&connected=conn_1#cal']);
    const { input, actor } = lastAsked('complete_authorization')!;
    expect([input['query'], await gateway.opened(input['sealed'] as Sealed)]).toEqual([{}, { code: 'c0de', state: 'st' }]);
    expect(actor).toEqual({ kind: 'service', id: 'gateway', from: '127.0.0.1' });
  });

  it('says what went wrong', async () => {
    refusal = new ServiceError('unauthenticated', 'This authorization is not known: it was used, or is too old.');

    const { headers } = await browse('/v1/authorizations/callback?error=access_denied&state=st');

    expect(headers.get('location')).toBe('/?problem=This+authorization+is+not+known%3A+it+was+used%2C+or+is+too+old.');
  });

  it('brings the mark of the browser that began, and keeps one for several', async () => {
    const authorize = (cookie?: string) =>
      gateway.fetch('POST', '/v1/connections/conn_1/authorize', { body: {}, headers: cookie ? { cookie } : {} });
    const [first] = (await authorize()).headers.getSetCookie();
    const mark = /^patchbay_authorization=([\w-]{43}); Max-Age=600; Path=\/v1; HttpOnly; Secure; SameSite=Lax$/.exec(first!)![1]!;
    await authorize(`patchbay_authorization=${mark}`);
    expect(lastAsked('start_authorization')).toMatchObject({ input: { connectionId: 'conn_1', browserBinding: mark } });

    await browse('/v1/authorizations/callback?code=c0de&state=st', `patchbay_authorization=${mark}`);

    expect(lastAsked('complete_authorization')).toMatchObject({ input: { browserBinding: mark } });
  });

  it('says which organization somebody is signed in to there, and nothing of a session that has ended', async () => {
    const session = `pbs_${'t'.repeat(43)}`;
    gateway.callers.set(session, callerOf(gateway.organizationId, ['connections:write'], personId));
    await browse('/v1/authorizations/callback?code=c0de&state=st', `patchbay_session=${session}`);
    expect(lastAsked('complete_authorization')).toMatchObject({ input: { signedInTo: gateway.organizationId } });

    await browse('/v1/authorizations/callback?code=c0de&state=st', 'patchbay_session=pbs_ended');
    expect(lastAsked('complete_authorization')?.input).not.toHaveProperty('signedInTo');
  });

  it('is not gone for whoever only looks', async () => {
    expect((await gateway.fetch('HEAD', '/v1/authorizations/callback?code=c0de&state=st', { key: null })).status).toBe(404);
  });

  it('never leaves this origin', async () => {
    returnTo = '//evil.example/';

    expect((await browse('/v1/authorizations/callback?code=c0de&state=st')).headers.get('location')).toBe('/?connected=conn_1');
  });

  it('tells no other site where it came from, and is kept nowhere', async () => {
    const { headers } = await browse('/v1/authorizations/callback?code=c0de&state=st');

    expect(headers.get('referrer-policy')).toBe('same-origin');
    expect(headers.get('cache-control')).toBe('no-store');
  });
});
