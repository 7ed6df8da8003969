import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { anAgent, ask, aTenant, rest, running, startSession, type Tenant } from './platform.ts';
import { Provider } from './provider.ts';
import { secretOf } from './secrets.ts';

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

let tenant: Tenant;
let provider: Provider;
let browser: Browser;
/** What the provider accepts now. */
let accepted = '';

beforeAll(async () => {
  const executablePath = process.env['PATCHBAY_CHROMIUM'];
  if (!executablePath) throw new Error('PATCHBAY_CHROMIUM is not set: run the tests with `npm test`, which finds or installs Chromium.');
  provider = await Provider.start(({ path, authorization }) => {
    if (path !== '/me') return { body: { status: 'shipped' } };
    return authorization === `Bearer ${accepted}` ? { body: { name: 'shop' } } : { status: 401, body: { error: 'no' } };
  });
  tenant = await aTenant('console');
  const parameters = { type: 'object', properties: { orderId: { type: 'string' } }, required: ['orderId'] };
  await anAgent(tenant, 'support', secretOf('console'), [
    { name: 'check_order', effect: 'read', parameters, http: { method: 'GET', url: `${provider.url}/orders/{orderId}` } },
  ]);
  browser = await chromium.launch({ executablePath, args: FLAGS });
});

afterAll(async () => {
  await browser.close();
  await tenant.nats.drain();
  await provider.stop();
});

describe('the console of the running platform', () => {
  it('shows a call that was just made, with what was said and what was asked', async () => {
    const sessionId = await startSession(tenant, 'support');
    const at = new Date().toISOString();
    await ask(tenant, 'turn', { sessionId, turnId: 't1', index: 0, role: 'caller', text: 'Where is order 12345?', startedAt: at, endedAt: at });
    await ask(tenant, 'invoke', { sessionId, turnId: 't1', toolCallId: 'c1', function: 'check_order', arguments: { orderId: '12345' } });
    await ask(tenant, 'session.end', { sessionId, reason: 'done', endedAt: new Date().toISOString() });

    const page = await browser.newPage();
    await page.goto(`${running().url}/#key=${tenant.key}`);
    await page.locator('tbody a').first().click();

    await page.getByText('Where is order 12345?').first().waitFor();
    await page.getByText('check_order').first().waitFor();
    await page.getByText('succeeded').first().waitFor();
    expect(new URL(page.url()).pathname).toBe(`/calls/${sessionId}`);
    await page.close();
  });

  it('makes a connection that is known to work, rotates its secret, deletes it, takes that back, and logs all of it', async () => {
    const first = secretOf('console, first');
    accepted = first;
    const page = await signedIn('/connections/new');
    await field(page, 'Name').fill('Shop');
    await field(page, 'Provider').fill('shop');
    await field(page, 'Token').fill(secretOf('console, refused'));
    await field(page, 'Address to try it out with').fill(`${provider.url}/me`);
    await press(page, 'Create the connection');
    await page.getByText('The provider answered 401 to the check').waitFor();
    await look(page, 'connection-refused');
    await field(page, 'Token').fill(accepted);
    await press(page, 'Create the connection');
    await page.getByRole('heading', { name: 'Shop' }).getByText('connected').waitFor();
    await page.locator('.facts').getByText('healthy').waitFor();

    accepted = secretOf('console, next');
    await press(page, 'Rotate the secret');
    await field(page, 'Token').fill(accepted);
    await press(page, 'Try it out and switch');
    await page.getByText('Secret 2 is in use').waitFor();
    expect(await page.locator('main').innerText()).toContain('The provider accepted it before anything was switched.');
    await page.locator('.slots').getByText(`••••${first.slice(-4)}`).waitFor();
    await look(page, 'connection-rotated');

    await press(page, 'Delete');
    await page.getByText('This connection is deleted').waitFor();
    await look(page, 'connection-deleted');
    await page.getByRole('link', { name: 'Connections' }).first().click();
    await page.getByRole('button', { name: 'Undo the deletion of Shop' }).click();
    await page.getByRole('row', { name: /Shop/ }).getByText('connected').waitFor();
    await look(page, 'connections');

    await page.getByRole('link', { name: 'Audit log' }).click();
    const rows = page.locator('tbody tr');
    for (const done of ['connection created', 'connection rotated', 'connection deleted', 'connection undeleted'])
      await rows.filter({ hasText: done }).filter({ hasText: 'Shop' }).first().waitFor();
    await press(page, 'Verify the log');
    await page.getByText(/^Intact: all \d+ entries/).waitFor();
    await look(page, 'audit');
    expect(await rows.filter({ hasText: 'connection rotated' }).innerText()).toContain('127.0.0.1');
    for (const secret of [first, accepted]) expect(await page.content()).not.toContain(secret.slice(0, 16));
    await page.close();
  });

  it('makes an API key that may do one thing, and refuses it the rest in words', async () => {
    const page = await signedIn('/access/keys');
    await press(page, 'New API key');
    await field(page, 'Name').fill('reader');
    await page.getByLabel('calls:read').check();
    await press(page, 'Create the key');
    const key = (await page.locator('.shown-once pre').innerText()).trim();
    await look(page, 'api-key');
    await press(page, 'I have kept it');
    await page.getByRole('row', { name: /reader/ }).getByText('calls:read').first().waitFor();
    await page.goto(`${running().url}/connections#key=${key}`);
    await page.getByText('Your access does not include this page').waitFor();
    await look(page, 'not-for-you');

    expect(await page.getByRole('navigation', { name: 'Console' }).getByRole('link').allInnerTexts()).toEqual(['Sessions']);
    expect((await rest(key, 'GET', '/v1/connections')).status).toBe(403);
    expect((await rest(key, 'GET', '/v1/sessions')).status).toBe(200);
    await page.close();
  });
});

async function signedIn(path: string): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(`${running().url}${path}#key=${tenant.key}`);
  return page;
}

const field = (page: Page, name: string) => page.getByLabel(name, { exact: true });
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

/** For somebody who wants to see it: a picture in the folder PATCHBAY_STORY_PICTURES. */
async function look(page: Page, name: string): Promise<void> {
  const folder = process.env['PATCHBAY_STORY_PICTURES'];
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}
