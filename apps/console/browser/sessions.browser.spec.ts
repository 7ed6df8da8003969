import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { session } from './one-call.ts';
import { FIRST_PAGE, openConsole, scriptOneCall, type OpenConsole } from './open-console.ts';
import { API_KEY, type ScriptedGateway } from './scripted-gateway.ts';

let opened: OpenConsole;
let gateway: ScriptedGateway;
let page: Page;

beforeAll(async () => {
  opened = await openConsole();
  gateway = opened.gateway;
});

beforeEach(async () => {
  scriptOneCall(gateway);
  page = await opened.newPage();
});

afterEach(async () => {
  await page.close();
  expect(opened.complaints).toEqual([]);
});

afterAll(() => opened?.close());

describe('signing in', () => {
  it('refuses a wrong key in words and asks for another one', async () => {
    await page.goto(gateway.url);
    await page.getByLabel('API key').fill('pbk_wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();

    expect(await page.getByRole('alert').innerText()).toContain('This API key is not accepted.');
    await page.getByLabel('API key').fill(API_KEY);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Sessions' }).waitFor();
  });

  it('refuses at once what cannot be a key', async () => {
    await page.goto(gateway.url);
    await page.getByLabel('API key').fill('two words');
    await page.keyboard.press('Enter');

    expect(await page.getByRole('alert').innerText()).toContain('That is not an API key');
    expect(gateway.asked.toSorted()).toEqual(['/v1/caller', '/v1/sign-in']);
  });

  it('takes a key from a link and removes it from the address', async () => {
    await opened.signIn(page, '/');
    await page.getByRole('heading', { name: 'Sessions' }).waitFor();

    expect(page.url()).toBe(`${gateway.url}/`);
  });

  it('keeps the key over a reload and forgets it at sign-out', async () => {
    await opened.signIn(page, '/');
    await page.getByRole('heading', { name: 'Sessions' }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.reload();

    await page.getByLabel('API key').waitFor();
  });

  it('goes back to the key entry when the key stops working', async () => {
    await opened.signIn(page, '/');
    await page.getByRole('heading', { name: 'Sessions' }).waitFor();
    await page.evaluate(() => sessionStorage.setItem('patchbay.apiKey', 'pbk_revoked'));
    await page.reload();

    expect(await page.getByRole('alert').innerText()).toContain('not accepted');
  });
});

describe('the sessions', () => {
  it('are listed with agent, caller, turns, state and duration', async () => {
    await opened.signIn(page, '/');

    const row = await page.getByRole('row').nth(1).innerText();

    for (const fact of ['Table reservations', '+14155550134', 'phone', '2', 'ended', '42 s'])
      expect(row).toContain(fact);
  });

  it('lead to older ones by the last id shown', async () => {
    const many = Array.from({ length: 51 }, (_, index) => ({ ...session, sessionId: `ses_${index}` }));
    gateway.script.set(FIRST_PAGE, { sessions: many });
    gateway.script.set('/v1/sessions?limit=51&before=ses_49', {
      sessions: [{ ...session, sessionId: 'ses_50', agentName: 'An older agent' }],
    });

    await opened.signIn(page, '/');
    await page.getByRole('link', { name: 'Older' }).click();

    await page.getByText('An older agent').waitFor();
    expect(await page.locator('tbody tr').count()).toBe(1);
    await page.getByRole('link', { name: 'Newest' }).click();
    await page.locator('tbody tr').nth(49).waitFor();
  });

  it('explain the first call while there is none, and show it as soon as it is made', async () => {
    gateway.script.set(FIRST_PAGE, { sessions: [] });
    await opened.signIn(page, '/');

    expect(await page.innerText('.first-call')).toContain(`curl -X POST ${gateway.url}/v1/edges/`);
    gateway.script.set(FIRST_PAGE, { sessions: [session] });
    await page
      .getByRole('link')
      .filter({ has: page.locator('time') })
      .waitFor();
  });

  it('stay on the screen while the API is away, and come back by themselves', async () => {
    await opened.signIn(page, '/');
    await page.locator('tbody tr').waitFor();
    gateway.isAway = true;

    expect(await page.getByRole('alert').innerText()).toContain('The API cannot be reached');
    expect(await page.locator('tbody tr').count()).toBe(1);
    gateway.isAway = false;
    await page.getByRole('alert').waitFor({ state: 'detached' });
  });
});
