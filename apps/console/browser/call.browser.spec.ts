import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { AGENT_TRACE_ID, claim, CURL, entries, session, spans, TRACE_ID } from './one-call.ts';
import { openConsole, scriptOneCall, type OpenConsole } from './open-console.ts';
import type { ScriptedGateway } from './scripted-gateway.ts';

const TIMELINE = `/v1/sessions/${session.sessionId}/timeline?limit=500`;

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

describe('one call', () => {
  it('opens from the list and shows turns and invocations in order', async () => {
    await opened.signIn(page, '/');
    await page.locator('tbody tr').click();
    await page.locator('.timeline article').nth(3).waitFor();

    expect(new URL(page.url()).pathname).toBe(`/calls/${session.sessionId}`);
    expect(await page.locator('.timeline article').allInnerTexts()).toEqual([
      expect.stringContaining('A table for two at Sushi Yoshizumi, please.'),
      expect.stringContaining('reserve_table'),
      expect.stringContaining('Your table for two is booked.'),
      expect.stringContaining('refund_deposit'),
    ]);
    await page.goBack();
    await page.getByRole('heading', { name: 'Sessions' }).waitFor();
  });

  it('tells everything about an invocation', async () => {
    await opened.signIn(page, `/calls/${session.sessionId}`);
    const card = page.locator('.card').first();
    await card.getByText('Request').click();
    const text = await card.innerText();

    const facts = ['write.reversible', 'succeeded', '148 ms', '0:04.9', 'Sushi Yoshizumi', 'K7Q2', 'in full', 'POST'];
    facts.push(
      'https://api.reservations.example/v2/tables',
      'HTTP 201',
      'DNS 3 ms',
      'TLS 15 ms',
      'first byte 107 ms',
      'total 136 ms',
      '"seats": 2',
    );
    for (const fact of facts) expect(text).toContain(fact);
  });

  it('shows the evidence of an invocation: consent, decisions, origins, intent and seal', async () => {
    await opened.signIn(page, `/calls/${session.sessionId}`);
    const card = page.locator('.card').first();
    await card.getByText('2 decisions').click();
    const text = await card.innerText();

    const facts = ['A table for two at Sushi Yoshizumi, is that right?', 'Yes, please.', 'a1b2c3d4e5f6', '0:04.8'];
    facts.push('resolve-function', 'passed', 'the caller said yes to these arguments');
    facts.push('int_0198c0ffee08', '3 · 0123456789ab → fedcba987654', 'req_77', 'The answer has no table.', '19 B on the wire');
    for (const fact of facts) expect(text).toContain(fact);
    expect(await card.locator('.consent .badge').innerText()).toBe('yes');
    expect(await card.locator('.origin').allInnerTexts()).toEqual(['caller', 'model']);
  });

  it('shows invocations of a runner that knows less of its evidence', async () => {
    const news = ['intentId', 'decisions', 'origins', 'consent', 'replayOf', 'seal'];
    news.push('kind', 'wireBytes', 'missingFields', 'providerMessageId', 'curl');
    const older = (entry: object) =>
      JSON.parse(JSON.stringify(entry, (name, value: unknown) => (news.includes(name) && value !== 'invocation' ? undefined : value))) as object;
    gateway.script.set(TIMELINE, { session, entries: [older(entries[1]!)] });
    await opened.signIn(page, `/calls/${session.sessionId}`);

    expect(await page.textContent('.attempt')).toContain('Attempt 1POST');
  });

  it('copies a command line that sends the request again', async () => {
    const { origin } = new URL(opened.gateway.url);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin });
    await opened.signIn(page, `/calls/${session.sessionId}`);
    await page.locator('.curl summary').first().click();
    await page.getByRole('button', { name: 'Copy' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();

    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(CURL);
  });

  it('marks the command line where nothing can be copied', async () => {
    await page.addInitScript(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
    await opened.signIn(page, `/calls/${session.sessionId}`);
    await page.locator('.curl summary').first().click();
    await page.getByRole('button', { name: 'Copy' }).click();
    await page.waitForFunction(() => !getSelection()?.isCollapsed);

    expect(await page.evaluate(() => getSelection()?.toString())).toBe(CURL);
  });

  it('shows what the agent claimed and nothing backs', async () => {
    gateway.script.set(TIMELINE, { session, entries: [...entries, claim] });
    await opened.signIn(page, `/calls/${session.sessionId}`);
    await page.getByRole('button', { name: 'Problems' }).click();

    expect(await page.locator('.timeline article').count()).toBe(2);
    for (const fact of ['nothing backs “refunded”', 'Your deposit is on its way back.', 'No refund succeeded', '0:23.0'])
      expect(await page.textContent('.claim-note')).toContain(fact);
  });

  it('says why nothing was sent', async () => {
    await opened.signIn(page, `/calls/${session.sessionId}`);
    await page.getByRole('button', { name: 'Problems' }).click();

    expect(await page.locator('.card').count()).toBe(1);
    for (const fact of ['rejected', 'invalid_arguments', 'amount is missing', 'check-arguments', 'Nothing was sent'])
      expect(await page.innerText('.card')).toContain(fact);
  });

  it('draws the five spans of the selected turn', async () => {
    await opened.signIn(page, `/calls/${session.sessionId}`);
    await page.getByText('A table for two at Sushi Yoshizumi, please.').click();
    await page.locator('.span').nth(4).waitFor();

    expect(await page.locator('.span-name').allInnerTexts()).toEqual(spans.map(({ name }) => name));
    expect(await page.locator('.span-ms').allInnerTexts()).toEqual(['176 ms', '154 ms', '149 ms', '146 ms', '136 ms']);
    const bars = await page
      .locator('.span .track > span')
      .evaluateAll((all) => all.map((bar) => bar.getBoundingClientRect().width));
    expect(bars).toEqual(bars.toSorted((left, right) => right - left));
    expect(new URL(page.url()).searchParams.get('trace')).toBe(TRACE_ID);
  });

  it('leads from a slow invocation to its place in a long call', async () => {
    const turns = Array.from({ length: 300 }, (_, index) => ({ ...entries[0]!, turnId: `trn_${index}`, traceId: '' }));
    const timeline = { session, entries: [...turns, ...entries] };
    gateway.script.set(TIMELINE, timeline);
    await opened.signIn(page, `/calls/${session.sessionId}`);
    await page.locator('.slowest button').first().click();
    await page.locator('.span').first().waitFor();

    const placeOf = (element: Element) => element.getBoundingClientRect();
    const { top } = await page.locator('.timeline [data-selected]').first().evaluate(placeOf);

    expect(await page.locator('.bubble').count()).toBe(302);
    expect(top).toBeGreaterThan(0);
    expect(top).toBeLessThan(720);
  });

  it('shows a long call page by page, and each page is read once', async () => {
    gateway.script.set(TIMELINE, { session, entries: entries.slice(0, 2), next: 'turn.a+b' });
    gateway.script.set(`${TIMELINE}&after=turn.a%2Bb`, { session, entries: entries.slice(2), next: null });
    await opened.signIn(page, `/calls/${session.sessionId}`);
    await page.getByRole('button', { name: 'Show more' }).waitFor();
    const first = await page.locator('.timeline article').count();
    await page.getByRole('button', { name: 'Show more' }).click();
    await page.locator('.timeline article').nth(3).waitFor();

    expect(first).toBe(2);
    expect(await page.getByRole('button', { name: 'Show more' }).count()).toBe(0);
    expect(gateway.asked.filter((path) => path.includes('/timeline'))).toEqual([TIMELINE, `${TIMELINE}&after=turn.a%2Bb`]);
  });

  it('leads from a link to a turn on a later page', async () => {
    gateway.script.set(TIMELINE, { session, entries: entries.slice(0, 2), next: 'turn.trn_1' });
    gateway.script.set(`${TIMELINE}&after=turn.trn_1`, { session, entries: entries.slice(2), next: null });
    await opened.signIn(page, `/calls/${session.sessionId}?trace=${AGENT_TRACE_ID}`);

    await page.locator('.timeline [data-selected]').first().waitFor();
  });

  it('can be read with the keyboard alone', async () => {
    await opened.signIn(page, `/calls/${session.sessionId}`);
    await page.getByRole('button', { name: 'Trace' }).first().focus();
    await page.keyboard.press('Enter');
    await page.locator('.span').first().waitFor();
    await page.keyboard.press('Escape');

    await page.locator('.span').first().waitFor({ state: 'detached' });
  });

  it('keeps an opened preview open while the call goes on', async () => {
    const live = { ...session, state: 'live', endedAt: null };
    gateway.script.set(TIMELINE, { session: live, entries: entries.slice(0, 2) });
    await opened.signIn(page, `/calls/${session.sessionId}`);
    await page.getByText('Response').click();
    gateway.script.set(TIMELINE, { session: live, entries });
    await page.getByRole('article', { name: 'refund_deposit' }).waitFor();

    expect(await page.locator('.attempts details[open]').count()).toBe(1);
  });

  it('shows what a caller said as words, whatever it looks like', async () => {
    const text = '<img src=x onerror="document.title=1"> <b>bold</b>';
    gateway.script.set(TIMELINE, { session, entries: [{ ...entries[0]!, text }] });
    await opened.signIn(page, `/calls/${session.sessionId}`);

    // Not innerText, which is empty until the entry is laid out.
    expect(await page.textContent('.bubble p')).toBe(text);
  });

  it('says so when there is no such session', async () => {
    await opened.signIn(page, '/calls/ses_unknown');

    expect(await page.getByRole('alert').innerText()).toContain('session_not_found');
  });
});
