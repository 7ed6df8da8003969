import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { caller, viewer } from './callers.ts';
import { FIRST_PAGE, openConsole, scriptNothing, type OpenConsole } from './open-console.ts';
import { Answer, SESSION_COOKIE, type ScriptedGateway } from './scripted-gateway.ts';
import { minutesFromNow } from './some-connections.ts';

const person = { personId: 'per_2', email: 'bob@example.com', name: null, role: 'viewer', lastSignInAt: null, createdAt: minutesFromNow(-90) };
const key = {
  apiKeyId: 'key_2',
  name: 'ci',
  permissions: ['calls:read'],
  createdAt: minutesFromNow(-90),
  expiresAt: null,
  lastUsedAt: minutesFromNow(-2),
  revokedAt: null,
  replaces: null,
};
const edge = { edgeId: 'edge_0198c0ffee', name: 'frankfurt-1', createdAt: minutesFromNow(-90), expiresAt: null, revokedAt: null };
const HASH = 'ab'.repeat(32);
const entry = {
  auditId: 'aud_1',
  sequence: 7,
  at: minutesFromNow(-3),
  action: 'connection.rotated',
  object: { kind: 'connection', id: 'conn_0198a1', name: 'Resend' },
  actor: { kind: 'api_key', id: 'key_2', from: '192.0.2.7' },
  before: HASH,
  after: HASH,
  changed: ['version', 'hint'],
  previous: HASH,
  hash: HASH,
};

let opened: OpenConsole;
let gateway: ScriptedGateway;
let page: Page;

beforeAll(async () => {
  opened = await openConsole();
  gateway = opened.gateway;
});

beforeEach(async () => {
  scriptNothing(gateway);
  gateway.script.set('/v1/people', { people: [person] });
  gateway.script.set('/v1/api-keys', { apiKeys: [key] });
  gateway.script.set('/v1/edges', { edges: [edge] });
  gateway.script.set(FIRST_PAGE, { sessions: [] });
  page = await opened.newPage();
});

afterEach(async () => {
  await page.close();
  expect(opened.complaints).toEqual([]);
});

afterAll(() => opened?.close());

const sentTo = (route: string) => gateway.sent.findLast((sent) => sent.route === route)?.body;
const press = (name: string) => page.getByRole('button', { name, exact: true }).click();

describe('people', () => {
  it('are invited with a role, and removed after a question', async () => {
    gateway.script.set('POST /v1/people', person);
    gateway.script.set('DELETE /v1/people/per_2', person);
    await opened.signIn(page, '/access/people');
    await page.getByLabel('E-mail').fill('bob@example.com');
    await page.getByLabel('Role', { exact: true }).selectOption('operator');
    await press('Invite');
    await press('Remove bob@example.com');
    await press('Keep it');
    expect(sentTo('DELETE /v1/people/per_2')).toBeUndefined();
    await press('Remove bob@example.com');
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });

    expect(gateway.sent).toEqual([
      { route: 'POST /v1/people', body: { email: 'bob@example.com', role: 'operator' } },
      { route: 'DELETE /v1/people/per_2', body: {} },
    ]);
  });

  it('tell why the last owner stays one', async () => {
    const refusal = { code: 'failed_precondition', message: 'This is the last owner of the organization; make somebody else an owner first.' };
    gateway.script.set('PATCH /v1/people/per_2', new Answer(412, refusal));
    await opened.signIn(page, '/access/people');
    await page.getByLabel('Role of bob@example.com').selectOption('owner');

    expect(await page.getByRole('alert').innerText()).toContain(refusal.message);
  });
});

describe('API keys', () => {
  it('are made with the permissions that were checked, and shown once', async () => {
    gateway.script.set('POST /v1/api-keys', { ...key, apiKey: 'pbk_shown-once' });
    await opened.signIn(page, '/access/keys');
    await press('New API key');
    await page.getByLabel('Name', { exact: true }).fill('ci');
    await page.getByLabel('It ends after').selectOption('a year');
    await page.getByLabel('calls:read').check();
    await press('Create the key');
    await page.getByText('pbk_shown-once').waitFor();

    expect(sentTo('POST /v1/api-keys')).toEqual({ name: 'ci', permissions: ['calls:read'], expiresAfterDays: 365 });
    await press('I have kept it');
    expect(await page.content()).not.toContain('pbk_shown-once');
  });

  it('offer a whole group at once, and only what the maker may do', async () => {
    gateway.script.set('/v1/caller', { ...caller, permissions: ['keys:read', 'keys:write', 'calls:read', 'calls:act'] });
    await opened.signIn(page, '/access/keys');
    await press('New API key');
    await page.getByLabel('All of calls').check();

    expect(await page.getByRole('checkbox', { checked: true }).count()).toBe(3);
    expect(await page.getByLabel('agents:deploy').count()).toBe(0);
  });

  it('are replaced with an overlap, and revoked after a question', async () => {
    gateway.script.set('POST /v1/api-keys/key_2/rotate', { ...key, apiKeyId: 'key_3', replaces: 'key_2', apiKey: 'pbk_the-next' });
    gateway.script.set('DELETE /v1/api-keys/key_2', key);
    await opened.signIn(page, '/access/keys');
    await press('Rotate ci');
    await page.getByLabel('The old one still works').selectOption('for an hour');
    await page.getByRole('dialog').getByRole('button', { name: 'Rotate' }).click();
    await page.getByText('pbk_the-next').waitFor();
    await press('Revoke ci');
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });

    expect(gateway.sent).toEqual([
      { route: 'POST /v1/api-keys/key_2/rotate', body: { overlapHours: 1 } },
      { route: 'DELETE /v1/api-keys/key_2', body: {} },
    ]);
  });
});

describe('edges', () => {
  it('are made with a file of credentials that can be downloaded once', async () => {
    const credentials = '-----BEGIN NATS USER JWT-----\n';
    const natsUrl = 'nats://patchbay.example';
    gateway.script.set('POST /v1/edges', { ...edge, natsUrl, credentials, permissions: { publish: [], subscribe: [] } });
    await opened.signIn(page, '/access/edges');
    await press('New edge');
    await page.getByLabel('Name', { exact: true }).fill('frankfurt-1');
    await press('Create the edge');
    const [file] = await Promise.all([page.waitForEvent('download'), press(`Download ${edge.edgeId}.creds`)]);

    expect(file.suggestedFilename()).toBe(`${edge.edgeId}.creds`);
    expect(readFileSync(await file.path(), 'utf8')).toBe(credentials);
    expect(sentTo('POST /v1/edges')).toEqual({ name: 'frankfurt-1', expiresAfterDays: 90 });
  });
});

describe('the audit log', () => {
  beforeEach(() => {
    gateway.script.set('/v1/audit?limit=51', { entries: [entry] });
  });

  it('names who did what to what, from where, and which fields changed', async () => {
    await opened.signIn(page, '/audit');
    await page.getByRole('cell', { name: 'ci API key' }).waitFor();

    const row = await page.locator('tbody tr').innerText();
    for (const fact of ['7', 'connection rotated', 'Resend', 'version', 'hint', '192.0.2.7']) expect(row).toContain(fact);
  });

  it('keeps its filter in the address', async () => {
    gateway.script.set('/v1/audit?limit=51&action=edge', { entries: [] });
    await opened.signIn(page, '/audit');
    await page.getByLabel('Show').selectOption('edges');
    await page.getByText('No entry fits this filter.').waitFor();

    expect(page.url()).toBe(`${gateway.url}/audit?action=edge`);
    await page.getByRole('link', { name: 'Show all entries' }).click();
    await page.locator('tbody tr').waitFor();
  });

  it.each([
    [{ entries: 7, intact: true, brokenAt: null, head: HASH }, 'Intact: all 7 entries are as they were written'],
    [{ entries: 7, intact: false, brokenAt: 4, head: HASH }, 'Broken at entry 4'],
  ])('tells what came of checking it: %j', async (verdict, words) => {
    gateway.script.set('/v1/audit/verify', verdict);
    await opened.signIn(page, '/audit');
    await press('Verify the log');

    await page.getByText(words).waitFor();
  });

  it('is exported as a file', async () => {
    const lines = `${JSON.stringify(entry)}\n`;
    gateway.script.set('/v1/audit/export?', new Answer(200, lines, { 'content-disposition': 'attachment; filename="audit-org.ndjson"' }));
    await opened.signIn(page, '/audit');
    const [file] = await Promise.all([page.waitForEvent('download'), press('Export the log')]);

    expect([file.suggestedFilename(), readFileSync(await file.path(), 'utf8')]).toEqual(['audit-org.ndjson', lines]);
  });
});

describe('signing in with the organization’s account', () => {
  it('is offered where the platform offers it, and comes back to the page that was asked for', async () => {
    gateway.script.set('/v1/sign-in', new Answer(302, {}, { location: 'https://login.example/' }));
    await page.goto(`${gateway.url}/audit?problem=no&action=edge`);

    const link = page.getByRole('link', { name: 'Sign in with your organization’s account' });
    await link.waitFor();
    expect(await link.getAttribute('href')).toBe(`/v1/sign-in?returnTo=${encodeURIComponent('/audit?action=edge')}`);
  });

  it('is not offered where no identity provider is set up', async () => {
    await page.goto(gateway.url);
    await page.getByLabel('API key').waitFor();

    await page.waitForLoadState('networkidle');
    expect(await page.getByRole('link', { name: /organization’s account/ }).count()).toBe(0);
  });

  it('shows the person, only the parts they may see, and ends the session at sign-out', async () => {
    gateway.script.set('/v1/caller', viewer);
    gateway.script.set('POST /v1/sign-out', {});
    await page.context().addCookies([{ ...SESSION_COOKIE, url: gateway.url }]);
    await page.goto(gateway.url);
    await page.getByText('vera@example.com').waitFor();

    expect(await page.getByRole('navigation', { name: 'Console' }).getByRole('link').allInnerTexts()).toEqual(['Sessions', 'Connections', 'Access']);
    await press('Sign out');
    await page.getByLabel('API key').waitFor();
    expect(sentTo('POST /v1/sign-out')).toEqual({});
  });
});
