import { comeAndGo } from './access-tour.ts';
import type { Account } from './accounts.ts';
import type { Api, Json } from './api.ts';
import type { Canaries } from './canaries.ts';
import { ECHOES } from './echo.ts';
import { expectRefusal } from './expect-refusal.ts';
import type { Provider } from './provider.ts';
import type { Tenant } from './tenant.ts';

export interface Stage {
  api: Api;
  tenant: Tenant;
  provider: Provider;
  canaries: Canaries;
  accounts: Account[];
  /** In the middle: whatever shall happen to the platform. */
  interrupt?(): Promise<void>;
  /** How the provider repeats what it was sent; all ways unless given. */
  echoes?: string[];
}

/** What became of the calls, by status. */
export type Outcomes = Record<string, number>;

interface Connected extends Account {
  connectionId: string;
  url: string;
}

const AGENT = 'canary';
/** The account is not known, may not do this, or asked for the wrong thing. */
const REFUSALS = [401, 403, 400];
const TROUBLE = 500;
const LIMITS = { perMinute: 60_000, burst: 5_000 };

/** Everything that can be done with a connection's secret, with one account of each kind. */
export async function takeTheTour(stage: Stage): Promise<Outcomes> {
  const { tenant, accounts, interrupt } = stage;
  const connected: Connected[] = [];
  for (const account of accounts) connected.push(await connectAccount(stage, account));
  await beRefused(stage);
  await comeAndGo(stage);
  await deployAgent(stage, connected);
  const outcomes: Outcomes = {};
  await callEverything(stage, connected, await tenant.startSession(AGENT), outcomes);
  await interrupt?.();
  for (const account of connected) await replaceSecret(stage, account);
  const sessionId = await tenant.startSession(AGENT);
  await callEverything(stage, connected, sessionId, outcomes);
  await callInTrouble(stage, connected, sessionId, outcomes);
  await tenant.ask('session.end', { sessionId, reason: 'done', endedAt: new Date().toISOString() });
  await readEverything(stage, connected, sessionId);
  return outcomes;
}

async function connectAccount({ api, tenant, provider, canaries }: Stage, account: Account): Promise<Connected> {
  const { title, kind, https, settings, secrets, authorized, signs } = account;
  const url = `${https ? provider.urls.https : provider.urls.http}/${title}`;
  const check = signs ? {} : { check: { url: `${url}/check` } };
  const body = { name: title, kind, ...(settings ? { settings } : {}), ...check, ...secrets?.(canaries) };
  const { connectionId } = await api.need(tenant.key, 'POST', '/v1/connections', body);
  const connected = { ...account, connectionId: String(connectionId), url };
  if (authorized) await authorize(api, tenant.key, connected);
  if (!signs) await api.need(tenant.key, 'POST', `/v1/connections/${connected.connectionId}/check`);
  return connected;
}

/** In a browser: to the provider, which agrees at once, and back. */
async function authorize(api: Api, key: string, { connectionId }: Connected): Promise<void> {
  const started = await api.ask(key, 'POST', `/v1/connections/${connectionId}/authorize`, {});
  if (started.status !== 200) throw new Error(`authorize: ${started.status} ${started.text}`);
  const cookie = started.headers.getSetCookie().map((one) => one.split(';')[0]).join('; ');
  const agreed = await fetch(String(started.body['url']), { redirect: 'manual' });
  const back = await api.visit(agreed.headers.get('location')!, cookie);
  const location = back.headers.get('location') ?? '';
  if (!location.includes('connected=')) throw new Error(`The authorization of ${connectionId} ended at ${location}.`);
  // The visit of a stranger with the same answer, once more.
  await api.visit(agreed.headers.get('location')!, '');
}

/** A secret beside something that is wrong: it must not come back in the words that say what. */
async function beRefused({ api, tenant, canaries }: Stage): Promise<void> {
  const secret = canaries.make('refused', 'secret of a refused request');
  const bodies: unknown[] = [
    { name: 'x', kind: 'nothing', secret },
    { name: '', kind: 'bearer', secret, settings: { username: 5 } },
    { name: 'x', kind: 'api_key', settings: { header: 'host' }, secret },
    { name: 'x', kind: 'none', secret },
    { name: 'x', kind: 'custom_headers', headers: { 'x-a': secret, 'bad name': secret, host: secret } },
    { name: 'x', kind: 'bearer', secret: `${secret}\nx-injected: 1` },
    { name: 'x', kind: 'bearer', secret: [secret] },
    { name: 'x', kind: 'bearer', secret: { value: secret } },
    { name: 'x', kind: 'signing_secret', secret },
    { name: 'x', kind: 'signing_secret', secret: `whsec_${secret}` },
    { name: 'bearer', kind: 'bearer', secret },
    { name: 'x', kind: 'bearer', secret, check: { url: 'http://127.0.0.1:1/' } },
    `{"name":"x","kind":"bearer","secret":"${secret}`,
    `{"secret":${secret}}`,
    `["${secret}"]`,
  ];
  for (const body of bodies) await expectRefusal(api, tenant.key, 'POST', '/v1/connections', body);
  for (const body of [{ secret }, { name: 5, secret }, `{"secret":${secret}`]) {
    await expectRefusal(api, tenant.key, 'PATCH', '/v1/connections/conn_unknown', body);
    await expectRefusal(api, tenant.key, 'POST', '/v1/connections/conn_unknown/rotate', body);
  }
  await expectRefusal(api, `pbk_0000000000000000_nobody`, 'POST', '/v1/connections', { name: 'x', kind: 'bearer', secret });
}

async function deployAgent({ api, tenant: { key } }: Stage, accounts: Connected[]): Promise<void> {
  const parameters = { type: 'object', properties: { how: { type: 'string' }, status: { type: 'string' }, note: { type: 'string' } }, required: ['how', 'status'] };
  const functions = [];
  for (const { title, connectionId, url } of accounts) {
    for (const { name, effect, method } of [
      { name: `read_${title}`, effect: 'read', method: 'GET' },
      { name: `write_${title}`, effect: 'write.reversible', method: 'POST' },
    ]) {
      const http = { method, url: `${url}/echo/{how}/{status}` };
      const { toolId } = await api.need(key, 'POST', '/v1/tools', { name, description: name, effect, parameters, http, limits: LIMITS });
      functions.push({ name, toolId, connectionId, confirmation: { required: false } });
    }
  }
  const { agentId } = await api.need(key, 'POST', '/v1/agents', { name: AGENT });
  const version = await api.need(key, 'POST', `/v1/agents/${String(agentId)}/versions`, { instructions: 'Be kind.', functions });
  await api.need(key, 'POST', `/v1/agents/${String(agentId)}/versions/${String(version['versionId'])}/deploy`, {});
}

async function callEverything(stage: Stage, accounts: Connected[], sessionId: string, outcomes: Outcomes): Promise<void> {
  const { api, tenant, echoes = Object.keys(ECHOES) } = stage;
  for (const { title, connectionId, signs } of accounts) {
    for (const how of echoes) {
      const status = how === 'redirect' ? '302' : '200';
      count(outcomes, await tenant.call(sessionId, `read_${title}`, { how, status }));
      count(outcomes, await tenant.call(sessionId, `write_${title}`, { how, status, note: `${how} ${sessionId}` }));
    }
    for (const [index, status] of REFUSALS.entries()) {
      const how = echoes[index % echoes.length]!;
      count(outcomes, await tenant.call(sessionId, `read_${title}`, { how, status: String(status) }));
      // A refusal says that the secret is no good: until it is tried out again nothing is sent with it.
      if (!signs) await api.ask(tenant.key, 'POST', `/v1/connections/${connectionId}/check`);
    }
  }
}

/** Last, because a provider in trouble is left alone for a while. */
async function callInTrouble({ tenant, echoes = Object.keys(ECHOES) }: Stage, accounts: Connected[], sessionId: string, outcomes: Outcomes): Promise<void> {
  for (const { title } of accounts) {
    for (const how of echoes.slice(0, 3)) {
      count(outcomes, await tenant.call(sessionId, `read_${title}`, { how, status: String(TROUBLE), note: sessionId }));
      count(outcomes, await tenant.call(sessionId, `write_${title}`, { how, status: String(TROUBLE), note: sessionId }));
    }
  }
}

async function replaceSecret({ api, tenant, canaries }: Stage, account: Connected): Promise<void> {
  const { key } = tenant;
  const path = `/v1/connections/${account.connectionId}`;
  if (account.secrets) await api.need(key, 'POST', `${path}/rotate`, { ...account.secrets(canaries), acceptUnverified: true });
  if (account.signs) await api.need(key, 'POST', `${path}/rotate`, {});
  if (!account.authorized) return;
  await refreshTwice(api, key, path);
  await authorize(api, key, account);
  await api.need(key, 'POST', `${path}/check`);
  await refreshTwice(api, key, path);
}

/** Each access token is tried out, so that the provider has seen it. */
async function refreshTwice(api: Api, key: string, path: string): Promise<void> {
  for (const step of ['refresh', 'check', 'refresh', 'check']) await api.need(key, 'POST', `${path}/${step}`);
}

/** Whatever of it can be read, listed or exported. */
async function readEverything({ api, tenant: { key } }: Stage, accounts: Connected[], sessionId: string): Promise<void> {
  for (const { connectionId } of accounts) await api.need(key, 'GET', `/v1/connections/${connectionId}`);
  const webhook = await api.need(key, 'POST', '/v1/webhooks', { url: 'http://127.0.0.1:9/ended', events: ['calls.v1.session.ended'] });
  await api.need(key, 'POST', '/v1/signing-secrets', { name: 'made here' });
  for (const path of [
    '/v1/connections',
    '/v1/tools',
    '/v1/agents',
    '/v1/sessions',
    `/v1/sessions/${sessionId}/timeline`,
    `/v1/sessions/${sessionId}/spans`,
    '/v1/audit',
    '/v1/audit/export',
    '/v1/audit/verify',
    '/v1/webhooks',
    `/v1/webhooks/${String(webhook['webhookId'])}/deliveries`,
  ]) {
    await api.need(key, 'GET', path);
  }
  for (const { connectionId } of accounts.slice(1)) await api.need(key, 'DELETE', `/v1/connections/${connectionId}`);
}

function count(outcomes: Outcomes, { status, error }: Json): void {
  const code = (error as { code?: string } | undefined)?.code;
  const word = code ? `${String(status)} (${code})` : String(status);
  outcomes[word] = (outcomes[word] ?? 0) + 1;
}
