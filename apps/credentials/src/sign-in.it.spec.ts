import { describe, expect, it } from '@jest/globals';
import { ROLE_PERMISSIONS } from '@patchbay/contracts/permissions';
import { runCredentials, signInEnv } from '../testing/running-credentials.ts';
import { BROWSER, PEOPLE, setSignInScene } from '../testing/sign-in-scene.ts';

const scene = setSignInScene();

describe('a sign-in', () => {
  it('knows an invited person by their verified address, whatever its case, and returns where they came from', async () => {
    const { personId } = await scene.invite('ada@CLINIC.example', 'operator');

    const session = await scene.signIn('ada');

    expect(session).toMatchObject({ personId, email: 'ada@clinic.example', returnTo: '/agents', token: expect.stringMatching(/^pbs_[0-9a-f]{64}$/) });
    expect(await scene.running.client.identify({ token: session.token })).toEqual({
      organizationId: scene.organizationId,
      apiKeyId: '',
      role: 'member',
      personId,
      name: 'ada@clinic.example',
      permissions: ROLE_PERMISSIONS.operator,
    });
    const { people } = await scene.running.client.listPeople({ organizationId: scene.organizationId });
    expect(people).toEqual([expect.objectContaining({ personId, name: 'Ada Lovelace', lastSignInAt: expect.any(String) })]);
  });

  it('knows them by issuer and subject from then on, whatever their address', async () => {
    const { personId } = await scene.invite('ada@clinic.example');
    await scene.signIn('ada');
    await scene.running.query(`update people set email = 'old-name@clinic.example' where person_id = $1`, [personId]);

    expect(await scene.signIn('ada')).toMatchObject({ personId, email: 'old-name@clinic.example' });
  });

  it('refuses whom nobody has invited', async () => {
    await expect(scene.signIn('bob')).rejects.toMatchObject({ code: 'forbidden', message: expect.stringContaining('Nobody has invited bob@clinic.example') });
  });

  it.each(['eve', 'mal'] as const)('refuses %s, whose address the provider does not call verified', async (subject) => {
    await scene.invite(PEOPLE[subject].email);

    await expect(scene.signIn(subject)).rejects.toMatchObject({ code: 'forbidden', message: expect.stringContaining('verified') });
  });

  it('gives one person all of their organizations, and one of them at a time', async () => {
    await scene.invite('ada@clinic.example', 'viewer');
    const other = await scene.organization();
    await scene.invite('ada@clinic.example', 'owner', other);

    const { token } = await scene.signIn('ada');

    expect(await scene.running.client.identify({ token })).toMatchObject({ organizationId: scene.organizationId, permissions: ROLE_PERMISSIONS.viewer });
    expect(await scene.running.client.identify({ token, organizationId: other.organizationId })).toMatchObject({ organizationId: other.organizationId, permissions: ROLE_PERMISSIONS.owner });
    const third = await scene.organization();
    await expect(scene.running.client.identify({ token, organizationId: third.organizationId })).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('leaves no token, verifier or cookie in any table', async () => {
    await scene.invite('ada@clinic.example');
    await scene.leave();
    const { token } = await scene.signIn('ada');
    const rows = JSON.stringify(await scene.running.query('select * from sign_ins, sign_in_attempts'));

    expect(rows).not.toContain(token.slice(4));
    expect(rows).not.toContain(BROWSER);
    expect(rows.length).toBeGreaterThan(100);
  });

  it('ends after twelve hours', async () => {
    await scene.invite('ada@clinic.example');
    const { token, expiresAt } = await scene.signIn('ada');
    expect(Math.round((Date.parse(expiresAt) - Date.now()) / 60_000)).toBe(12 * 60);
    await scene.running.query(`update sign_ins set expires_at = now()`);

    await expect(scene.running.client.identify({ token })).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  it('ends when the person signs out, and signing out again is no error', async () => {
    await scene.invite('ada@clinic.example');
    const { token } = await scene.signIn('ada');

    expect(await scene.running.client.endSignIn({ token })).toEqual({});
    await expect(scene.running.client.identify({ token })).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(await scene.running.client.endSignIn({ token })).toEqual({});
    const { entries } = await scene.running.client.listAudit({ organizationId: scene.organizationId, action: 'person' });
    expect(entries.map(({ action, actor }) => [action, actor.kind])).toEqual([
      ['person.signed_out', 'person'],
      ['person.signed_in', 'person'],
      ['person.invited', 'api_key'],
    ]);
  });

  it('is worth nothing where no token like it was given out', async () => {
    await expect(scene.running.client.identify({ token: `pbs_${'0'.repeat(64)}` })).rejects.toMatchObject({ code: 'unauthenticated' });
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
    expect(await startSignIn(signInEnv(scene.issuer.url.replace('127.0.0.1', 'localhost')))).toMatchObject({ code: 'unavailable' });
  });

  it('nobody signs in at one that cannot be reached', async () => {
    expect(await startSignIn(signInEnv('http://127.0.0.1:1'))).toMatchObject({ code: 'unavailable' });
  });
});
