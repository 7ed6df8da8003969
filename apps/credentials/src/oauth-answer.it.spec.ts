import { describe, expect, it } from '@jest/globals';
import { refusal } from '../testing/oauth-connections.ts';
import { setOAuthScene } from '../testing/oauth-scene.ts';

const scene = setOAuthScene();
const complete = (query: Record<string, string>) => scene.running.client.completeAuthorization({ query });

describe('an answer of a provider', () => {
  it('takes an answer only in the browser that began, or where somebody of the organization is signed in', async () => {
    const { organizationId } = scene.ours;
    const [mine, yours] = ['m'.repeat(43), 'y'.repeat(43)];
    const begin = async () => {
      const { connectionId } = await scene.ours.draft();
      const { url } = await scene.running.client.startAuthorization({ organizationId, connectionId, browserBinding: mine });
      return scene.provider.agree(url);
    };
    const finish = async (more: object) => scene.running.client.completeAuthorization({ query: await begin(), ...more });
    const elsewhere = { code: 'unauthenticated', message: expect.stringContaining('in another browser') };

    await expect(finish({ browserBinding: yours })).rejects.toMatchObject(elsewhere);
    await expect(finish({})).rejects.toMatchObject(elsewhere);
    await expect(finish({ signedInTo: 'org_somebodyelse' })).rejects.toMatchObject(elsewhere);
    expect(scene.provider.tokenRequests).toHaveLength(0);
    expect(await finish({ browserBinding: mine })).toMatchObject({ connection: { lifecycle: 'active' } });
    expect(await finish({ browserBinding: yours, signedInTo: organizationId })).toMatchObject({ connection: { lifecycle: 'active' } });
  });

  it.each([
    ['that was never given out', async () => ({ state: 'a'.repeat(43), code: 'x' })],
    ['that is missing', async () => ({ code: 'x' })],
  ])('refuses a state %s', async (_name, query) => {
    expect(await refusal(complete(await query()))).toMatchObject({ code: 'unauthenticated' });
  });

  it('refuses a state the second time, and asks the provider nothing', async () => {
    const { connectionId } = await scene.ours.draft();
    const query = await scene.provider.agree((await scene.ours.start(connectionId)).url);
    await complete(query);

    expect(await refusal(complete(query))).toMatchObject({ code: 'unauthenticated', message: expect.stringContaining('used already') });
    expect(scene.provider.tokenRequests).toHaveLength(1);
  });

  it('lets one of two through that bring the same state at once', async () => {
    const { connectionId } = await scene.ours.draft();
    const query = await scene.provider.agree((await scene.ours.start(connectionId)).url);

    const results = await Promise.allSettled([complete(query), complete(query)]);

    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(scene.provider.tokenRequests).toHaveLength(1);
  });

  it('refuses a state after ten minutes', async () => {
    const { connectionId } = await scene.ours.draft();
    const query = await scene.provider.agree((await scene.ours.start(connectionId)).url);
    await scene.running.query(`update authorizations set expires_at = now() where connection_id = $1`, [connectionId]);

    expect(await refusal(complete(query))).toMatchObject({ code: 'unauthenticated' });
    expect(scene.provider.tokenRequests).toHaveLength(0);
  });

  it.each([
    ['of another issuer', { iss: 'https://other.example' }],
    ['without the issuer that it always names', { iss: '' }],
    ['in the form of a hybrid flow', { id_token: 'x' }],
    ['without a code', { code: '' }],
  ])('refuses an answer %s, and asks the provider nothing', async (_name, changes) => {
    const { connectionId } = await scene.ours.draft();
    const query = await scene.provider.agree((await scene.ours.start(connectionId)).url);
    const changed = Object.fromEntries(Object.entries({ ...query, ...changes }).filter(([, value]) => value !== ''));

    expect(await refusal(complete(changed))).toMatchObject({ code: 'unauthenticated' });
    expect(scene.provider.tokenRequests).toHaveLength(0);
  });

  it('says that the person did not agree', async () => {
    const { connectionId } = await scene.ours.draft();
    const { state, iss } = await scene.provider.agree((await scene.ours.start(connectionId)).url);

    const refused = await refusal(complete({ state: state!, iss: iss!, error: 'access_denied', error_description: 'The reason is <b>secret</b>' }));

    expect(refused).toMatchObject({ code: 'failed_precondition', message: expect.stringContaining('not granted') });
    expect(refused!.message).not.toContain('secret');
    expect(await scene.running.client.getConnection({ organizationId: scene.ours.organizationId, connectionId })).toMatchObject({ lifecycle: 'draft' });
  });

  it.each([
    ['a page', { status: 200, body: '<html>sorry</html>', type: 'text/html' }, '200'],
    ['200 with an error', { status: 200, body: '{"error":"bad_verification_code"}' }, 'bad_verification_code'],
    ['an error with words of its own', { status: 400, body: '{"error":"code_leaked_rt_123"}' }, 'an error of its own'],
    ['a token with a new line', { status: 200, body: '{"access_token":"a\\nb","token_type":"Bearer"}' }, '200'],
    ['half of an answer', { status: 200, body: '{"access_token":"a' }, '200'],
    ['a redirect', { status: 302, body: '', headers: { location: 'https://evil.example' } }, '302'],
  ])('says so in words when the token end point answers %s', async (_name, trouble, said) => {
    scene.provider.trouble(trouble);
    const { connectionId } = await scene.ours.draft();
    const query = await scene.provider.agree((await scene.ours.start(connectionId)).url);

    const refused = await refusal(complete(query));

    expect(refused).toMatchObject({ code: 'failed_precondition', message: expect.stringContaining(said) });
    expect(refused!.message).not.toContain('rt_123');
  });
});
