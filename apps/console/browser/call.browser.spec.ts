import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { entries, session, spans, TRACE_ID } from './one-call.ts';
import { openConsole, scriptOneCall, type OpenConsole } from './open-console.ts';
import type { ScriptedGateway } from './scripted-gateway.ts';

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

  it('says why nothing was sent', async () => {
    await opened.signIn(page, `/calls/${session.sessionId}`);
    await page.getByRole('button', { name: 'Problems' }).click();

    expect(await page.locator('.card').count()).toBe(1);
    for (const fact of ['rejected', 'invalid_arguments', 'amount is missing', 'Nothing was sent'])
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
    gateway.script.set(`/v1/sessions/${session.sessionId}/timeline`, timeline);
    await opened.signIn(page, `/calls/${session.sessionId}`);
    await page.locator('.slowest button').first().click();
    await page.locator('.span').first().waitFor();

    const placeOf = (element: Element) => element.getBoundingClientRect();
    const { top } = await page.locator('.timeline [data-selected]').first().evaluate(placeOf);

    expect(await page.locator('.bubble').count()).toBe(302);
    expect(top).toBeGreaterThan(0);
    expect(top).toBeLessThan(720);
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
    const path = `/v1/sessions/${session.sessionId}/timeline`;
    gateway.script.set(path, { session: live, entries: entries.slice(0, 2) });
    await opened.signIn(page, `/calls/${session.sessionId}`);
    await page.getByText('Response').click();
    gateway.script.set(path, { session: live, entries });
    await page.getByRole('article', { name: 'refund_deposit' }).waitFor();

    expect(await page.locator('.attempts details[open]').count()).toBe(1);
  });

  it('shows what a caller said as words, whatever it looks like', async () => {
    const text = '<img src=x onerror="document.title=1"> <b>bold</b>';
    gateway.script.set(`/v1/sessions/${session.sessionId}/timeline`, { session, entries: [{ ...entries[0]!, text }] });
    await opened.signIn(page, `/calls/${session.sessionId}`);

    expect(await page.innerText('.bubble p')).toBe(text);
  });

  it('says so when there is no such session', async () => {
    await opened.signIn(page, '/calls/ses_unknown');

    expect(await page.getByRole('alert').innerText()).toContain('session_not_found');
  });
});
