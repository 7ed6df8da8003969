import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chromium, type Browser } from 'playwright-core';
import { anAgent, ask, aTenant, running, startSession, type Tenant } from './platform.ts';
import { Provider } from './provider.ts';

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

let tenant: Tenant;
let provider: Provider;
let browser: Browser;

beforeAll(async () => {
  const executablePath = process.env['PATCHBAY_CHROMIUM'];
  if (!executablePath) throw new Error('PATCHBAY_CHROMIUM is not set: run the tests with `npm test`, which finds or installs Chromium.');
  provider = await Provider.start(() => ({ body: { status: 'shipped' } }));
  tenant = await aTenant('console');
  const parameters = { type: 'object', properties: { orderId: { type: 'string' } }, required: ['orderId'] };
  await anAgent(tenant, 'support', 'token', [
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
});
