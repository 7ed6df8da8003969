import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { viewer } from './callers.ts';
import { openConsole, scriptNothing, type OpenConsole } from './open-console.ts';
import { Answer, type ScriptedGateway } from './scripted-gateway.ts';
import { deleted, draft, healthy, lacking } from './some-connections.ts';

const SECRET = 're_a-secret-nobody-may-see';
const WHY = 'The provider answered 401 to the check: it does not accept the secret.';
const NOT_ACCEPTED = new Answer(412, {
  code: 'failed_precondition',
  message: `${WHY} Nothing was stored; to keep it all the same, set acceptUnverified.`,
});

let opened: OpenConsole;
let gateway: ScriptedGateway;
let page: Page;

beforeAll(async () => {
  opened = await openConsole();
  gateway = opened.gateway;
});

beforeEach(async () => {
  scriptNothing(gateway);
  for (const connection of [healthy, lacking, draft, deleted]) {
    gateway.script.set(`/v1/connections/${connection.connectionId}`, connection);
    gateway.script.set(`/v1/audit?objectId=${connection.connectionId}&limit=8`, { entries: [] });
  }
  gateway.script.set('/v1/connections', { connections: [healthy, lacking, draft] });
  gateway.script.set('/v1/connections?deleted=true', { connections: [deleted] });
  page = await opened.newPage();
});

afterEach(async () => {
  await page.close();
  expect(opened.complaints).toEqual([]);
});

afterAll(() => opened?.close());

const sentTo = (route: string) => gateway.sent.findLast((sent) => sent.route === route)?.body;
const field = (name: string) => page.getByLabel(name, { exact: true });
const press = (name: string) => page.getByRole('button', { name, exact: true }).click();

describe('the connections', () => {
  it('are listed by provider with status, health, whose fault it is, and marks', async () => {
    await opened.signIn(page, '/connections');
    await page.locator('.provider').nth(1).waitFor();

    expect(await page.locator('.provider > h2').allInnerTexts()).toEqual(['calcom', 'resend']);
    const rows = await page.locator('tbody tr').allInnerTexts();
    for (const fact of ['error', 'lacks a permission', 'bookings:write is missing', 'Your organization can mend this', 'in 25 minutes'])
      expect(rows[0]).toContain(fact);
    for (const fact of ['sandbox', 'pending']) expect(rows[1]).toContain(fact);
    for (const fact of ['default', 'connected', 'healthy', '4 minutes ago']) expect(rows[2]).toContain(fact);
  });

  it('explain themselves while there is none', async () => {
    gateway.script.set('/v1/connections', { connections: [] });
    await opened.signIn(page, '/connections');

    await page.getByRole('link', { name: 'Create the first one' }).click();
    await page.getByRole('heading', { name: 'New connection' }).waitFor();
  });

  it('bring back what was deleted', async () => {
    await opened.signIn(page, '/connections');
    gateway.script.set(`POST /v1/connections/${deleted.connectionId}/undelete`, deleted);
    await page.getByRole('button', { name: 'Undo the deletion of Wati, old number' }).waitFor();
    gateway.script.set('/v1/connections?deleted=true', { connections: [] });
    await page.getByRole('button', { name: 'Undo the deletion of Wati, old number' }).click();

    await page.getByText('Recently deleted').waitFor({ state: 'detached' });
    expect(sentTo(`POST /v1/connections/${deleted.connectionId}/undelete`)).toEqual({});
  });

  it('offer nothing to change to somebody who may only look', async () => {
    gateway.script.set('/v1/caller', viewer);
    await opened.signIn(page, `/connections/${healthy.connectionId}`);
    await page.getByRole('heading', { name: healthy.name }).waitFor();

    expect(await page.locator('main').getByRole('button').count()).toBe(0);
    await page.goto(`${gateway.url}/connections/new`);
    await page.getByText('connections:write').waitFor();
    expect(await page.getByRole('heading').allInnerTexts()).toEqual(['Your access does not include this page']);
  });
});

describe('a new connection', () => {
  beforeEach(async () => {
    await opened.signIn(page, '/connections/new');
    await field('Name').fill('Resend');
    await field('Token').fill(SECRET);
  });

  it('is made, and nothing of its secret stays in the page', async () => {
    gateway.script.set('POST /v1/connections', healthy);
    await field('Address to try it out with').fill('https://api.resend.example/domains');
    await press('Create the connection');
    await page.getByRole('heading', { name: healthy.name }).waitFor();

    expect(sentTo('POST /v1/connections')).toMatchObject({
      name: 'Resend',
      kind: 'bearer',
      secret: SECRET,
      acceptUnverified: false,
      check: { method: 'GET', url: 'https://api.resend.example/domains' },
    });
    expect(await page.content()).not.toContain(SECRET);
    expect(await page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }]))).not.toContain(SECRET);
  });

  it('shows beside each field what was wrong with it, and goes to the first', async () => {
    const fields = [
      { path: 'secret', problem: 'begins or ends with a space, which servers cut off' },
      { path: 'check.url', problem: 'must be a URL without a user name or password' },
    ];
    gateway.script.set('POST /v1/connections', new Answer(400, { code: 'invalid_arguments', message: 'It does not fit.', details: { fields } }));
    await press('Create the connection');
    await page.getByText('Token begins or ends with a space').waitFor();

    expect(await page.getByText('Address to try it out with must be a URL').count()).toBe(1);
    expect(await field('Token').evaluate((input) => input === document.activeElement)).toBe(true);
    expect(await page.getByRole('button', { name: /Store although/ }).count()).toBe(0);
    await field('Address to try it out with').pressSequentially('https://api');
    expect(await field('Address to try it out with').inputValue()).toBe('https://api');
  });

  it('can be stored unverified only after the provider refused it', async () => {
    gateway.script.set('POST /v1/connections', NOT_ACCEPTED);
    expect(await page.getByRole('button', { name: /Store although/ }).count()).toBe(0);
    await press('Create the connection');

    expect(await page.getByRole('alert').innerText()).toContain('it does not accept the secret. Nothing was stored.');
    gateway.script.set('POST /v1/connections', healthy);
    await press('Store although it could not be verified');
    await page.getByRole('heading', { name: healthy.name }).waitFor();
    expect(sentTo('POST /v1/connections')).toMatchObject({ acceptUnverified: true });
  });

  it('of signing secrets is shown once', async () => {
    gateway.script.set('POST /v1/signing-secrets', { connection: { ...healthy, kind: 'signing_secret' }, secret: 'whsec_c2hvd24gb25jZQ==' });
    await page.getByRole('radio', { name: /Signing secret/ }).check();
    await press('Create the connection');

    await page.getByText('whsec_c2hvd24gb25jZQ==').waitFor();
    await press('I have kept it');
    await page.getByRole('heading', { name: healthy.name }).waitFor();
    expect(await page.content()).not.toContain('whsec_');
  });
});

describe('one connection', () => {
  it('shows granted beside requested scopes', async () => {
    await opened.signIn(page, `/connections/${lacking.connectionId}`);
    await page.locator('.scopes li').nth(2).waitFor();

    expect((await page.locator('.scopes li').allInnerTexts()).map((text) => text.replaceAll('\n', ' '))).toEqual([
      'bookings:read granted',
      'bookings:write not granted',
      'profile granted, not asked for',
    ]);
  });

  it('is rotated, and tells that the secret was tried before the switch', async () => {
    await opened.signIn(page, `/connections/${healthy.connectionId}`);
    await page.locator('.slots').waitFor();
    expect(await page.locator('.slots tbody td:nth-child(2)').allInnerTexts()).toEqual(['••••x9Qd', '••••a7Kf']);
    await press('Rotate the secret');
    await field('Token').fill(SECRET);
    gateway.script.set(`POST /v1/connections/${healthy.connectionId}/rotate`, NOT_ACCEPTED);
    await press('Try it out and switch');
    await page.getByText('This was not done').waitFor();
    gateway.script.set(`POST /v1/connections/${healthy.connectionId}/rotate`, { connection: { ...healthy, version: 3 }, secret: null });
    await press('Try it out and switch');

    await page.getByText('Secret 3 is in use').waitFor();
    expect(await page.locator('main').innerText()).toContain('The provider accepted it before anything was switched.');
    expect(sentTo(`POST /v1/connections/${healthy.connectionId}/rotate`)).toEqual({ secret: SECRET, graceHours: 24, acceptUnverified: false });
  });

  it('is deleted, and brought back', async () => {
    const path = `/v1/connections/${healthy.connectionId}`;
    await opened.signIn(page, `/connections/${healthy.connectionId}`);
    gateway.script.set(`DELETE ${path}`, deleted);
    gateway.script.set(`POST ${path}/undelete`, healthy);
    await page.getByRole('button', { name: 'Delete' }).waitFor();
    gateway.script.set(path, { ...deleted, connectionId: healthy.connectionId });
    await press('Delete');
    await page.getByText('This connection is deleted').waitFor();
    gateway.script.set(path, healthy);
    await press('Undo');

    await page.getByText('It is back, as it was.').waitFor();
    await page.getByRole('button', { name: 'Delete' }).waitFor();
  });

  it('is revoked once somebody has confirmed it, and tells whether the provider knows', async () => {
    const path = `/v1/connections/${lacking.connectionId}`;
    const reason = { text: 'Its tokens are destroyed here, but the provider was not told.', fault: 'organization' };
    const revoked = { ...lacking, health: 'revoked', status: 'disconnected', reason, grantedScopes: null, expiresAt: null, nextRefreshAt: null };
    await opened.signIn(page, `/connections/${lacking.connectionId}`);
    await press(`Revoke the access of ${lacking.name}`);
    await press('Keep it');
    expect(sentTo(`POST ${path}/revoke`)).toBeUndefined();

    gateway.script.set(`POST ${path}/revoke`, revoked);
    gateway.script.set(path, revoked);
    await press(`Revoke the access of ${lacking.name}`);
    await press('Revoke the access');
    await page.getByRole('status').getByText('the provider was not told').waitFor();

    await page.getByRole('button', { name: `Revoke the access of ${lacking.name}` }).waitFor({ state: 'detached' });
    expect(await page.locator('main').innerText()).toContain('access was taken back');
    expect((await page.locator('.scopes li').allInnerTexts()).map((text) => text.replaceAll('\n', ' '))).toEqual([
      'bookings:read not granted',
      'bookings:write not granted',
    ]);
    expect(await page.getByRole('button', { name: 'Connect the account again' }).count()).toBe(1);
    expect(await page.getByRole('button', { name: 'Refresh the access now' }).count()).toBe(0);
  });

  it('leaves for the provider to be connected, and tells when it is back', async () => {
    const path = `/v1/connections/${draft.connectionId}`;
    const back = `/connections/${draft.connectionId}?connected=${draft.connectionId}`;
    await opened.signIn(page, `/connections/${draft.connectionId}`);
    // Another origin, as a provider is.
    const provider = gateway.url.replace('127.0.0.1', 'localhost');
    gateway.script.set(`POST ${path}/authorize`, { url: `${provider}/v1/sign-in`, expiresAt: draft.createdAt });
    gateway.script.set('/v1/sign-in', new Answer(302, {}, { location: `${gateway.url}${back}` }));
    await press('Connect the account');
    await page.getByText('The account is connected').waitFor();

    expect(sentTo(`POST ${path}/authorize`)).toEqual({ returnTo: `/connections/${draft.connectionId}` });
    await press('Close');
    expect(page.url()).toBe(`${gateway.url}/connections/${draft.connectionId}`);
  });

  it('tells in words why connecting did not work', async () => {
    gateway.script.set('/v1/sessions?limit=51', { sessions: [] });
    await opened.signIn(page, `/?problem=${encodeURIComponent('The provider <b>refused</b>: access_denied.')}`);

    expect(await page.getByRole('alert').innerText()).toContain('The provider <b>refused</b>: access_denied.');
  });
});
