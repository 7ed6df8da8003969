import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Role } from '@patchbay/contracts/permissions';
import { ROLE_PERMISSIONS } from '@patchbay/contracts/permissions';
import { actingAs, byKey } from '../testing/acting-as.ts';
import { signInAt } from '../testing/browser.ts';
import { moveOurClock, restoreOurClock } from '../testing/our-clock.ts';
import { runCredentials, signInEnv, type RunningCredentials } from '../testing/running-credentials.ts';
import { runIssuer, type RunningIssuer } from '../testing/running-issuer.ts';

const BROWSER = 'browser-of-ada-0123456789';
const PEOPLE = {
  ada: { email: 'Ada@Clinic.example', email_verified: true, name: 'Ada Lovelace' },
  bob: { email: 'bob@clinic.example', email_verified: true },
  eve: { email: 'eve@clinic.example', email_verified: false },
  // As some providers write it for addresses that nobody checked.
  mal: { email: 'mal@clinic.example', email_verified: 'true' },
};
type Subject = keyof typeof PEOPLE;

let issuer: RunningIssuer;
let running: RunningCredentials;
let organizationId: string;
let apiKeyId: string;
let count = 0;
beforeAll(async () => {
  issuer = await runIssuer({ people: PEOPLE });
  running = await runCredentials(signInEnv(issuer.url));
});
beforeEach(async () => {
  await running.query('delete from people');
  const made = await running.client.createOrganization({ name: `Clinic ${(count += 1)}` });
  organizationId = made.organizationId;
  ({ apiKeyId } = await running.client.identify({ apiKey: made.apiKey }));
});
afterEach(restoreOurClock);
afterAll(async () => {
  await running.stop();
  await issuer.stop();
});

const invite = (email: string, role: Role = 'builder') =>
  actingAs(byKey(apiKeyId), () => running.client.invitePerson({ organizationId, email, role }));
const begin = (returnTo = '/agents') => running.client.startSignIn({ browserBinding: BROWSER, returnTo });
const finish = (query: Record<string, string>, browserBinding = BROWSER) => running.client.completeSignIn({ browserBinding, query });
const signIn = async (subject: Subject) => finish(await signInAt((await begin()).url, subject));
const unauthenticated = (problem: string) => ({ code: 'unauthenticated', details: { problem } });

describe('a sign-in', () => {
  it('knows an invited person by their verified address, whatever its case, and returns where they came from', async () => {
    const { personId } = await invite('ada@CLINIC.example', 'operator');

    const session = await signIn('ada');

    expect(session).toMatchObject({ personId, email: 'ada@clinic.example', returnTo: '/agents', token: expect.stringMatching(/^pbs_[0-9a-f]{64}$/) });
    expect(await running.client.identify({ token: session.token })).toEqual({
      organizationId,
      apiKeyId: '',
      role: 'member',
      personId,
      name: 'ada@clinic.example',
      permissions: ROLE_PERMISSIONS.operator,
    });
    const { people } = await running.client.listPeople({ organizationId });
    expect(people).toEqual([expect.objectContaining({ personId, name: 'Ada Lovelace', lastSignInAt: expect.any(String) })]);
  });

  it('knows them by issuer and subject from then on, whatever their address', async () => {
    const { personId } = await invite('ada@clinic.example');
    await signIn('ada');
    await running.query(`update people set email = 'old-name@clinic.example' where person_id = $1`, [personId]);

    expect(await signIn('ada')).toMatchObject({ personId, email: 'old-name@clinic.example' });
  });

  it('refuses whom nobody has invited', async () => {
    await expect(signIn('bob')).rejects.toMatchObject({ code: 'forbidden', message: expect.stringContaining('Nobody has invited bob@clinic.example') });
  });

  it.each(['eve', 'mal'] as const)('refuses %s, whose address the provider does not call verified', async (subject) => {
    await invite(PEOPLE[subject].email);

    await expect(signIn(subject)).rejects.toMatchObject({ code: 'forbidden', message: expect.stringContaining('verified') });
  });

  it('gives one person all of their organizations, and one of them at a time', async () => {
    await invite('ada@clinic.example', 'viewer');
    const other = await running.client.createOrganization({ name: `Second ${count}` });
    const { apiKeyId: otherKey } = await running.client.identify({ apiKey: other.apiKey });
    const { organizationId: otherId } = other;
    await actingAs(byKey(otherKey), () => running.client.invitePerson({ organizationId: otherId, email: 'ada@clinic.example', role: 'owner' }));

    const { token } = await signIn('ada');

    expect(await running.client.identify({ token })).toMatchObject({ organizationId, permissions: ROLE_PERMISSIONS.viewer });
    expect(await running.client.identify({ token, organizationId: otherId })).toMatchObject({ organizationId: otherId, permissions: ROLE_PERMISSIONS.owner });
    const third = await running.client.createOrganization({ name: `Third ${count}` });
    await expect(running.client.identify({ token, organizationId: third.organizationId })).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('leaves no token, verifier or cookie in any table', async () => {
    await invite('ada@clinic.example');
    await begin();
    const { token } = await signIn('ada');
    const rows = JSON.stringify(await running.query('select * from sign_ins, sign_in_attempts'));

    expect(rows).not.toContain(token.slice(4));
    expect(rows).not.toContain(BROWSER);
    expect(rows.length).toBeGreaterThan(100);
  });

  it('ends after twelve hours', async () => {
    await invite('ada@clinic.example');
    const { token, expiresAt } = await signIn('ada');
    expect(Math.round((Date.parse(expiresAt) - Date.now()) / 60_000)).toBe(12 * 60);
    await running.query(`update sign_ins set expires_at = now()`);

    await expect(running.client.identify({ token })).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  it('ends when the person signs out, and signing out again is no error', async () => {
    await invite('ada@clinic.example');
    const { token } = await signIn('ada');

    expect(await running.client.endSignIn({ token })).toEqual({});
    await expect(running.client.identify({ token })).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(await running.client.endSignIn({ token })).toEqual({});
    const { entries } = await running.client.listAudit({ organizationId, action: 'person' });
    expect(entries.map(({ action, actor }) => [action, actor.kind])).toEqual([
      ['person.signed_out', 'person'],
      ['person.signed_in', 'person'],
      ['person.invited', 'api_key'],
    ]);
  });

  it('is worth nothing where no token like it was given out', async () => {
    await expect(running.client.identify({ token: `pbs_${'0'.repeat(64)}` })).rejects.toMatchObject({ code: 'unauthenticated' });
  });
});

describe('a sign-in that comes back', () => {
  it('counts once: the second time is a replay', async () => {
    await invite('ada@clinic.example');
    const query = await signInAt((await begin()).url, 'ada');
    await finish(query);

    await expect(finish(query)).rejects.toMatchObject(unauthenticated('unknown_state'));
  });

  it('counts once also when it comes twice at the same time', async () => {
    await invite('ada@clinic.example');
    const query = await signInAt((await begin()).url, 'ada');

    const outcomes = await Promise.allSettled([finish(query), finish(query)]);

    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  it('belongs to the browser that began it, and another one does not use it up', async () => {
    await invite('ada@clinic.example');
    const query = await signInAt((await begin()).url, 'ada');

    await expect(finish(query, 'another-browser-0123456789')).rejects.toMatchObject(unauthenticated('other_browser'));
    expect(await finish(query)).toMatchObject({ email: 'ada@clinic.example' });
  });

  it('is refused after ten minutes', async () => {
    const { url, expiresAt } = await begin();
    const query = await signInAt(url, 'ada');
    expect(Math.round((Date.parse(expiresAt) - Date.now()) / 1000)).toBe(600);
    await running.query('update sign_in_attempts set expires_at = now()');

    await expect(finish(query)).rejects.toMatchObject(unauthenticated('unknown_state'));
  });

  it('is refused with a state that we never gave out, and without one', async () => {
    await expect(finish({ code: 'x', state: 'made-up' })).rejects.toMatchObject(unauthenticated('unknown_state'));
    await expect(finish({ code: 'x' })).rejects.toMatchObject(unauthenticated('unknown_state'));
  });

  it('is refused when its ID token answers another nonce', async () => {
    await invite('ada@clinic.example');
    const url = new URL((await begin()).url);
    url.searchParams.set('nonce', 'of-an-earlier-sign-in');

    await expect(finish(await signInAt(url.href, 'ada'))).rejects.toMatchObject(unauthenticated('nonce'));
  });

  it('is refused with the code of another sign-in: the verifier does not fit', async () => {
    await invite('ada@clinic.example');
    const [mine, stolen] = [await signInAt((await begin()).url, 'ada'), await signInAt((await begin()).url, 'bob')];

    await expect(finish({ ...mine, code: stolen['code']! })).rejects.toMatchObject(unauthenticated('invalid_grant'));
  });

  it('is refused when another issuer says that it answers (RFC 9207)', async () => {
    const query = await signInAt((await begin()).url, 'ada');

    await expect(finish({ ...query, iss: 'https://mallory.example' })).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  it('says that the provider refused, in the provider’s own code', async () => {
    const { state } = Object.fromEntries(new URL((await begin()).url).searchParams);

    await expect(finish({ state: state!, error: 'access_denied', iss: issuer.url })).rejects.toMatchObject(unauthenticated('access_denied'));
    const again = Object.fromEntries(new URL((await begin()).url).searchParams);
    await expect(finish({ state: again['state']!, error: '<script>', iss: issuer.url })).rejects.toMatchObject(unauthenticated('error'));
  });

  it('is refused when our clock is two hours ahead of the provider’s: its ID token has long expired', async () => {
    await invite('ada@clinic.example');
    moveOurClock(2 * 3_600_000);

    await expect(signIn('ada')).rejects.toMatchObject(unauthenticated('expired'));
  });

  it('counts when our clock is 30 s behind', async () => {
    await invite('ada@clinic.example');
    moveOurClock(-30_000);

    expect(await signIn('ada')).toMatchObject({ email: 'ada@clinic.example' });
  });

  it.each(['//mallory.example', 'https://mallory.example', 'agents'])('leads back to no page but ours: %s is refused', async (returnTo) => {
    await expect(begin(returnTo)).rejects.toMatchObject({ code: 'invalid_arguments', details: { fields: [{ path: 'returnTo' }] } });
  });
});

describe('people', () => {
  const change = (personId: string, role: Role) => actingAs(byKey(apiKeyId), () => running.client.changeRole({ organizationId, personId, role }));
  const remove = (personId: string) => actingAs(byKey(apiKeyId), () => running.client.removePerson({ organizationId, personId }));

  it('have what their role allows from the next request on', async () => {
    const { personId } = await invite('ada@clinic.example', 'viewer');
    const { token } = await signIn('ada');

    await change(personId, 'builder');

    expect((await running.client.identify({ token })).permissions).toEqual(ROLE_PERMISSIONS.builder);
  });

  it('who are removed are out at once, and stay out when they are invited back until they sign in again', async () => {
    const { personId } = await invite('ada@clinic.example');
    const { token } = await signIn('ada');

    expect(await remove(personId)).toMatchObject({ personId });
    await expect(running.client.identify({ token })).rejects.toMatchObject({ code: 'unauthenticated' });
    await invite('ada@clinic.example');
    await expect(running.client.identify({ token })).rejects.toMatchObject({ code: 'unauthenticated' });
    const session = await signIn('ada');

    await expect(running.client.identify({ token })).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(await running.client.identify({ token: session.token })).toMatchObject({ organizationId });
  });

  it('are invited once', async () => {
    await invite('ada@clinic.example');

    await expect(invite('ADA@clinic.example')).rejects.toMatchObject({ code: 'conflict', details: { fields: [{ path: 'email' }] } });
  });

  it('cannot be given a role above that of whoever gives it', async () => {
    const { apiKeyId: weak } = await actingAs(byKey(apiKeyId), () =>
      running.client.createApiKey({ organizationId, name: 'people', permissions: ['people:write', 'people:read'] }),
    );

    await expect(
      actingAs(byKey(weak), () => running.client.invitePerson({ organizationId, email: 'bob@clinic.example', role: 'viewer' })),
    ).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('keep a last owner, also when two leave at once', async () => {
    const [ada, bob] = [await invite('ada@clinic.example', 'owner'), await invite('bob@clinic.example', 'owner')];
    await signIn('ada');
    await expect(change(ada.personId, 'viewer')).rejects.toMatchObject({ code: 'failed_precondition', message: expect.stringContaining('signed in') });
    await signIn('bob');

    const outcomes = await Promise.allSettled([remove(ada.personId), change(bob.personId, 'viewer')]);

    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect((await running.client.listPeople({ organizationId })).people.filter(({ role }) => role === 'owner')).toHaveLength(1);
  });

  it('are not known to another organization', async () => {
    const { personId } = await invite('ada@clinic.example');
    const other = await running.client.createOrganization({ name: `Blind ${count}` });
    const { apiKeyId: otherKey, organizationId: otherId } = await running.client.identify({ apiKey: other.apiKey });

    expect(await running.client.listPeople({ organizationId: otherId })).toEqual({ people: [] });
    await expect(
      actingAs(byKey(otherKey), () => running.client.removePerson({ organizationId: otherId, personId })),
    ).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('the first owner', () => {
  it('is invited to "default" once, and nobody else while there is an owner', async () => {
    const start = async (email: string) => (await running.startSecond({ CREDENTIALS_FIRST_OWNER_EMAIL: email })).stop();
    await start('Ada@clinic.example');
    await start('bob@clinic.example');

    const { token } = await signIn('ada');

    const caller = await running.client.identify({ token });
    expect(caller.permissions).toEqual(ROLE_PERMISSIONS.owner);
    expect((await running.client.listPeople({ organizationId: caller.organizationId })).people.map(({ email }) => email)).toEqual(['ada@clinic.example']);
  });
});

describe('without a usable identity provider', () => {
  const startSignIn = async (changes: Record<string, string>) => {
    const lone = await runCredentials(changes);
    try {
      return await lone.client.startSignIn({ browserBinding: BROWSER }).catch((error: unknown) => error);
    } finally {
      await lone.stop();
    }
  };

  it('nobody signs in, and it is said what to set', async () => {
    expect(await startSignIn({})).toMatchObject({ code: 'failed_precondition', message: expect.stringContaining('CREDENTIALS_OIDC_ISSUER') });
  });

  it('nobody signs in at an issuer that calls itself something else', async () => {
    expect(await startSignIn(signInEnv(issuer.url.replace('127.0.0.1', 'localhost')))).toMatchObject({ code: 'unavailable' });
  });

  it('nobody signs in at one that cannot be reached', async () => {
    expect(await startSignIn(signInEnv('http://127.0.0.1:1'))).toMatchObject({ code: 'unavailable' });
  });
});
