import { describe, expect, it } from '@jest/globals';
import { ROLE_PERMISSIONS, type Role } from '@patchbay/contracts/permissions';
import { actingAs, byKey } from '../testing/acting-as.ts';
import { setSignInScene } from '../testing/sign-in-scene.ts';

const scene = setSignInScene();

describe('people', () => {
  const act = <T>(work: () => Promise<T>) => actingAs(byKey(scene.apiKeyId), work);
  const refOf = (personId: string) => ({ organizationId: scene.organizationId, personId });
  const change = (personId: string, role: Role) => act(() => scene.running.client.changeRole({ ...refOf(personId), role }));
  const remove = (personId: string) => act(() => scene.running.client.removePerson(refOf(personId)));

  it('have what their role allows from the next request on', async () => {
    const { personId } = await scene.invite('ada@clinic.example', 'viewer');
    const { token } = await scene.signIn('ada');

    await change(personId, 'builder');

    expect((await scene.running.client.identify({ token })).permissions).toEqual(ROLE_PERMISSIONS.builder);
  });

  it('who are removed are out at once, and stay out when they are invited back until they sign in again', async () => {
    const { personId } = await scene.invite('ada@clinic.example');
    const { token } = await scene.signIn('ada');

    expect(await remove(personId)).toMatchObject({ personId });
    await expect(scene.running.client.identify({ token })).rejects.toMatchObject({ code: 'unauthenticated' });
    await scene.invite('ada@clinic.example');
    await expect(scene.running.client.identify({ token })).rejects.toMatchObject({ code: 'unauthenticated' });
    const session = await scene.signIn('ada');

    await expect(scene.running.client.identify({ token })).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(await scene.running.client.identify({ token: session.token })).toMatchObject({ organizationId: scene.organizationId });
  });

  it('are invited once', async () => {
    await scene.invite('ada@clinic.example');

    await expect(scene.invite('ADA@clinic.example')).rejects.toMatchObject({ code: 'conflict', details: { fields: [{ path: 'email' }] } });
  });

  it('cannot be given a role above that of whoever gives it', async () => {
    const { apiKeyId: weak } = await act(() =>
      scene.running.client.createApiKey({ organizationId: scene.organizationId, name: 'people', permissions: ['people:write', 'people:read'] }),
    );

    await expect(
      actingAs(byKey(weak), () => scene.running.client.invitePerson({ organizationId: scene.organizationId, email: 'bob@clinic.example', role: 'viewer' })),
    ).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('keep a last owner, also when two leave at once', async () => {
    const [ada, bob] = [await scene.invite('ada@clinic.example', 'owner'), await scene.invite('bob@clinic.example', 'owner')];
    await scene.signIn('ada');
    await expect(change(ada.personId, 'viewer')).rejects.toMatchObject({ code: 'failed_precondition', message: expect.stringContaining('signed in') });
    await scene.signIn('bob');

    const outcomes = await Promise.allSettled([remove(ada.personId), change(bob.personId, 'viewer')]);

    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect((await scene.running.client.listPeople({ organizationId: scene.organizationId })).people.filter(({ role }) => role === 'owner')).toHaveLength(1);
  });

  it('are not known to another organization', async () => {
    const { personId } = await scene.invite('ada@clinic.example');
    const { apiKeyId: otherKey, organizationId: otherId } = await scene.organization();

    expect(await scene.running.client.listPeople({ organizationId: otherId })).toEqual({ people: [] });
    await expect(
      actingAs(byKey(otherKey), () => scene.running.client.removePerson({ organizationId: otherId, personId })),
    ).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('the first owner', () => {
  it('is invited to "default" once, and nobody else while there is an owner', async () => {
    const start = async (email: string) => (await scene.running.startSecond({ CREDENTIALS_FIRST_OWNER_EMAIL: email })).stop();
    await start('Ada@clinic.example');
    await start('bob@clinic.example');

    const { token } = await scene.signIn('ada');

    const caller = await scene.running.client.identify({ token });
    expect(caller.permissions).toEqual(ROLE_PERMISSIONS.owner);
    expect((await scene.running.client.listPeople({ organizationId: caller.organizationId })).people.map(({ email }) => email)).toEqual(['ada@clinic.example']);
  });
});
