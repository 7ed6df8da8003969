import { afterEach, describe, expect, it } from '@jest/globals';
import { signInAt } from '../testing/browser.ts';
import { moveOurClock, restoreOurClock } from '../testing/our-clock.ts';
import { setSignInScene } from '../testing/sign-in-scene.ts';

const scene = setSignInScene();
afterEach(restoreOurClock);

const unauthenticated = (problem: string) => ({ code: 'unauthenticated', details: { problem } });

describe('a sign-in that comes back', () => {
  it('counts once: the second time is a replay', async () => {
    await scene.invite('ada@clinic.example');
    const query = await scene.sentBack('ada');
    await scene.comeBack(query);

    await expect(scene.comeBack(query)).rejects.toMatchObject(unauthenticated('unknown_state'));
  });

  it('counts once also when it comes twice at the same time', async () => {
    await scene.invite('ada@clinic.example');
    const query = await scene.sentBack('ada');

    const outcomes = await Promise.allSettled([scene.comeBack(query), scene.comeBack(query)]);

    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  it('belongs to the browser that began it, and another one does not use it up', async () => {
    await scene.invite('ada@clinic.example');
    const query = await scene.sentBack('ada');

    await expect(scene.comeBack(query, 'another-browser-0123456789')).rejects.toMatchObject(unauthenticated('other_browser'));
    expect(await scene.comeBack(query)).toMatchObject({ email: 'ada@clinic.example' });
  });

  it('is refused after ten minutes', async () => {
    const { url, expiresAt } = await scene.leave();
    const query = await signInAt(url, 'ada');
    expect(Math.round((Date.parse(expiresAt) - Date.now()) / 1000)).toBe(600);
    await scene.running.query('update sign_in_attempts set expires_at = now()');

    await expect(scene.comeBack(query)).rejects.toMatchObject(unauthenticated('unknown_state'));
  });

  it('is refused with a state that we never gave out, and without one', async () => {
    await expect(scene.comeBack({ code: 'x', state: 'made-up' })).rejects.toMatchObject(unauthenticated('unknown_state'));
    await expect(scene.comeBack({ code: 'x' })).rejects.toMatchObject(unauthenticated('unknown_state'));
  });

  it('is refused when its ID token answers another nonce', async () => {
    await scene.invite('ada@clinic.example');
    const url = new URL((await scene.leave()).url);
    url.searchParams.set('nonce', 'of-an-earlier-sign-in');

    await expect(scene.comeBack(await signInAt(url.href, 'ada'))).rejects.toMatchObject(unauthenticated('nonce'));
  });

  it('is refused with the code of another sign-in: the verifier does not fit', async () => {
    await scene.invite('ada@clinic.example');
    const [mine, stolen] = [await scene.sentBack('ada'), await scene.sentBack('bob')];

    await expect(scene.comeBack({ ...mine, code: stolen['code']! })).rejects.toMatchObject(unauthenticated('invalid_grant'));
  });

  it('is refused when another issuer says that it answers (RFC 9207)', async () => {
    const query = await scene.sentBack('ada');

    await expect(scene.comeBack({ ...query, iss: 'https://mallory.example' })).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  it('says that the provider refused, in the provider’s own code', async () => {
    const { state } = Object.fromEntries(new URL((await scene.leave()).url).searchParams);

    await expect(scene.comeBack({ state: state!, error: 'access_denied', iss: scene.issuer.url })).rejects.toMatchObject(unauthenticated('access_denied'));
    const again = Object.fromEntries(new URL((await scene.leave()).url).searchParams);
    await expect(scene.comeBack({ state: again['state']!, error: '<script>', iss: scene.issuer.url })).rejects.toMatchObject(unauthenticated('error'));
  });

  it('is refused when our clock is two hours ahead of the provider’s: its ID token has long expired', async () => {
    await scene.invite('ada@clinic.example');
    moveOurClock(2 * 3_600_000);

    await expect(scene.signIn('ada')).rejects.toMatchObject(unauthenticated('expired'));
  });

  it('counts when our clock is 30 s behind', async () => {
    await scene.invite('ada@clinic.example');
    moveOurClock(-30_000);

    expect(await scene.signIn('ada')).toMatchObject({ email: 'ada@clinic.example' });
  });

  it.each(['//mallory.example', 'https://mallory.example', 'agents'])('leads back to no page but ours: %s is refused', async (returnTo) => {
    await expect(scene.leave(returnTo)).rejects.toMatchObject({ code: 'invalid_arguments', details: { fields: [{ path: 'returnTo' }] } });
  });
});
