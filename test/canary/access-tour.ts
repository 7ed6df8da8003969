import type { Api } from './api.ts';
import type { Canaries } from './canaries.ts';
import { expectRefusal } from './expect-refusal.ts';
import type { Tenant } from './tenant.ts';

/** What lets callers and edges in: made, used, replaced and ended. */
export async function comeAndGo({ api, tenant, canaries }: { api: Api; tenant: Tenant; canaries: Canaries }): Promise<void> {
  const made = await api.need(tenant.key, 'POST', '/v1/api-keys', { name: 'ci', permissions: ['keys:read'] });
  await api.need(String(made['apiKey']), 'GET', '/v1/api-keys');
  const next = await api.need(tenant.key, 'POST', `/v1/api-keys/${String(made['apiKeyId'])}/rotate`, { overlapHours: 0 });
  await api.need(String(next['apiKey']), 'GET', '/v1/api-keys');
  await api.need(tenant.key, 'DELETE', `/v1/api-keys/${String(next['apiKeyId'])}`);
  for (const key of [made, next]) await expectRefusal(api, String(key['apiKey']), 'GET', '/v1/caller');
  const { edgeId } = await api.need(tenant.key, 'POST', '/v1/edges', { name: 'second' });
  await api.need(tenant.key, 'POST', `/v1/edges/${String(edgeId)}/credentials/renew`, {});
  await api.need(tenant.key, 'DELETE', `/v1/edges/${String(edgeId)}`);
  for (const path of ['/v1/api-keys', '/v1/edges']) await api.need(tenant.key, 'GET', path);
  await showStrangeTokens(api, canaries);
}

/** Nobody has signed in here, and it is asked all the same whose they are. */
async function showStrangeTokens(api: Api, canaries: Canaries): Promise<void> {
  const session = `pbs_${canaries.makeToken('session', 'token')}`;
  const jwt = ['eyJhbGciOiJSUzI1NiJ9', 'eyJzdWIiOiJhbm4ifQ', canaries.makeToken('session', 'token of the identity provider')].join('.');
  for (const token of [session, jwt]) await expectRefusal(api, token, 'GET', '/v1/caller');
  for (const path of ['/v1/caller', '/v1/authorizations/callback?code=none&state=none']) await api.visit(api.url + path, `patchbay_session=${session}`);
}
