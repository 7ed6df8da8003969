import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHmac, randomBytes } from 'node:crypto';
import { calculatePKCECodeChallenge, generateRandomCodeVerifier } from 'oauth4webapi';
import { exportSPKI } from 'jose';
import { actingAs, byKey } from '../testing/acting-as.ts';
import { signInAt } from '../testing/browser.ts';
import { moveOurClock, restoreOurClock } from '../testing/our-clock.ts';
import { runCredentials, signInEnv, type RunningCredentials } from '../testing/running-credentials.ts';
import { newSigningKey, runIssuer, TOOL, type RunningIssuer } from '../testing/running-issuer.ts';

const BROWSER = 'browser-of-ada-0123456789';
const PEOPLE = { ada: { email: 'ada@clinic.example', email_verified: true }, bob: { email: 'bob@clinic.example', email_verified: true } };

let issuer: RunningIssuer;
let running: RunningCredentials;
let organizationId: string;
beforeAll(async () => {
  issuer = await runIssuer({ people: PEOPLE, claimsInIdToken: true });
  running = await runCredentials(signInEnv(issuer.url));
  const made = await running.client.createOrganization({ name: 'Clinic' });
  organizationId = made.organizationId;
  const { apiKeyId } = await running.client.identify({ apiKey: made.apiKey });
  await actingAs(byKey(apiKeyId), () => running.client.invitePerson({ organizationId, email: 'ada@clinic.example', role: 'viewer' }));
  const { url } = await running.client.startSignIn({ browserBinding: BROWSER });
  await running.client.completeSignIn({ browserBinding: BROWSER, query: await signInAt(url, 'ada') });
});
afterAll(async () => {
  await running.stop();
  await issuer.stop();
});

const identify = (token: string) => running.client.identify({ token });
const unauthenticated = (problem: string) => ({ code: 'unauthenticated', details: { problem } });
const inSeconds = (count: number) => Math.floor(Date.now() / 1000) + count;
const unsigned = (header: object, claims: object) => [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');

describe('a token of the issuer', () => {
  it('speaks for whom it names, as the issuer really makes it', async () => {
    expect(await identify(await tokenOfTool('ada'))).toMatchObject({ organizationId, name: 'ada@clinic.example' });
  });

  it('is refused when it names nobody who ever signed in here', async () => {
    await expect(identify(await tokenOfTool('bob'))).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('is refused for another audience, or none', async () => {
    await expect(identify(await issuer.token({ aud: 'https://other.example' }))).rejects.toMatchObject(unauthenticated('audience'));
    await expect(identify(await issuer.token({ aud: 'patchbay' }))).rejects.toMatchObject(unauthenticated('audience'));
  });

  it('is refused when it names another issuer', async () => {
    await expect(identify(await issuer.token({ iss: 'https://mallory.example' }))).rejects.toMatchObject(unauthenticated('issuer'));
  });

  it('may be off by a minute, because clocks are, and by no more', async () => {
    expect(await identify(await issuer.token({}, { expiresAt: inSeconds(-50) }))).toMatchObject({ organizationId });
    expect(await identify(await issuer.token({}, { notBefore: inSeconds(50) }))).toMatchObject({ organizationId });
    await expect(identify(await issuer.token({}, { expiresAt: inSeconds(-70) }))).rejects.toMatchObject(unauthenticated('expired'));
    await expect(identify(await issuer.token({}, { notBefore: inSeconds(70) }))).rejects.toMatchObject(unauthenticated('not_yet_valid'));
  });

  it('is refused without an expiry and without a subject', async () => {
    const { kid } = issuer.key;
    const endless = unsigned({ alg: 'RS256', kid }, { iss: issuer.url, aud: 'x', sub: 'ada' });

    await expect(identify(`${endless}.${randomBytes(256).toString('base64url')}`)).rejects.toMatchObject(unauthenticated('signature'));
    await expect(identify(await issuer.token({ sub: undefined as unknown as string }))).rejects.toMatchObject(unauthenticated('claims'));
  });

  it('is refused with no signature at all, whatever its header says', async () => {
    const claims = { iss: issuer.url, aud: 'https://patchbay.example/api', sub: 'ada', exp: inSeconds(300) };

    await expect(identify(`${unsigned({ alg: 'none' }, claims)}.`)).rejects.toMatchObject(unauthenticated('algorithm'));
  });

  it('is refused when it is signed with the public key as if that were a shared secret', async () => {
    const claims = { iss: issuer.url, aud: 'https://patchbay.example/api', sub: 'ada', exp: inSeconds(300) };
    const text = unsigned({ alg: 'HS256', kid: issuer.key.kid }, claims);
    const signature = createHmac('sha256', await exportSPKI(issuer.key.publicKey)).update(text).digest('base64url');

    await expect(identify(`${text}.${signature}`)).rejects.toMatchObject(unauthenticated('algorithm'));
  });

  it('is refused when somebody else signed it under the name of the issuer’s key', async () => {
    const forged = await newSigningKey(issuer.key.kid);

    await expect(identify(await issuer.token({}, { key: forged }))).rejects.toMatchObject(unauthenticated('signature'));
  });

  it.each(['', 'letmein', 'a.b.c', 'eyJhbGciOiJSUzI1NiJ9..'])('is refused when it is %j', async (token) => {
    await expect(identify(token)).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  it('is refused at a length that no token has', async () => {
    await expect(identify('x'.repeat(8193))).rejects.toMatchObject({ code: 'invalid_arguments' });
  });

  it('signed with a new key counts once the keys are read again, which unknown keys cause once a minute', async () => {
    const before = await issuer.token();
    await issuer.rotate();
    const after = await issuer.token();
    // The keys were read in the tests above, less than a minute ago: what is unknown now stays unknown.
    await expect(identify(after)).rejects.toMatchObject(unauthenticated('signature'));
    expect(await identify(before)).toMatchObject({ organizationId });

    moveOurClock(61_000);
    try {
      expect(await identify(after)).toMatchObject({ organizationId });
      await expect(identify(before)).rejects.toMatchObject(unauthenticated('signature'));
    } finally {
      restoreOurClock();
    }
  });
});

/** The whole flow of another client of the issuer: its access token is for our audience. */
async function tokenOfTool(subject: keyof typeof PEOPLE): Promise<string> {
  const verifier = generateRandomCodeVerifier();
  const redirect_uri = TOOL.redirect_uris[0]!;
  const metadata = (await (await fetch(`${issuer.url}/.well-known/openid-configuration`)).json()) as { authorization_endpoint: string; token_endpoint: string };
  const url = new URL(metadata.authorization_endpoint);
  const code_challenge = await calculatePKCECodeChallenge(verifier);
  const asked = { client_id: TOOL.client_id, redirect_uri, response_type: 'code', scope: 'openid', state: 's', code_challenge, code_challenge_method: 'S256' };
  url.search = new URLSearchParams(asked).toString();
  const { code } = await signInAt(url.href, subject);
  const body = new URLSearchParams({ grant_type: 'authorization_code', client_id: TOOL.client_id, redirect_uri, code: code!, code_verifier: verifier });
  const answer = (await (await fetch(metadata.token_endpoint, { method: 'POST', body })).json()) as { access_token: string };
  return answer.access_token;
}
