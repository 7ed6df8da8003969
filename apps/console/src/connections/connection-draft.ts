import type { ConnectionKind } from '@patchbay/contracts/connection-kinds';
import type { Connection } from '@patchbay/contracts/connections';
import { isAgreedTo } from './kinds.ts';

export interface HeaderDraft {
  name: string;
  value: string;
}

/** A connection as it is being written down; empty texts are what was left out. */
export interface ConnectionDraft {
  name: string;
  provider: string;
  kind: ConnectionKind;
  environment: 'live' | 'sandbox';
  isDefault: boolean;
  secret: string;
  headers: HeaderDraft[];
  username: string;
  header: string;
  mcpUrl: string;
  mcpAuthentication: 'bearer' | 'headers' | 'oauth';
  oauth: OAuthDraft;
  check: CheckDraft;
  /** Separated by spaces. */
  origins: string;
}

export interface OAuthDraft {
  issuer: string;
  authorizationUrl: string;
  tokenUrl: string;
  revocationUrl: string;
  clientId: string;
  clientAuthentication: 'basic' | 'post' | 'none';
  scopes: string;
  audience: string;
  /** `name=value`, space-separated. */
  parameters: string;
}

export interface CheckDraft {
  url: string;
  method: 'GET' | 'POST';
  success: string;
  scopesHeader: string;
}

const NO_HEADER: HeaderDraft = { name: '', value: '' };

export const EMPTY_DRAFT: ConnectionDraft = {
  name: '',
  provider: '',
  kind: 'bearer',
  environment: 'live',
  isDefault: false,
  secret: '',
  headers: [NO_HEADER],
  username: '',
  header: 'X-Api-Key',
  mcpUrl: '',
  mcpAuthentication: 'bearer',
  oauth: { issuer: '', authorizationUrl: '', tokenUrl: '', revocationUrl: '', clientId: '', clientAuthentication: 'basic', scopes: '', audience: '', parameters: '' },
  check: { url: '', method: 'GET', success: '', scopesHeader: '' },
  origins: '',
};

type Way = 'nothing' | 'secret' | 'headers' | 'oauth';

/** How the provider is told who we are. */
export function wayOf({ kind, mcpAuthentication }: ConnectionDraft): Way {
  if (kind === 'none') return 'nothing';
  if (kind === 'mcp') return mcpAuthentication === 'bearer' ? 'secret' : mcpAuthentication;
  if (kind.startsWith('oauth2')) return 'oauth';
  return kind === 'custom_headers' ? 'headers' : 'secret';
}

/** The message of `POST /v1/connections` for a draft. */
export function requestOf(draft: ConnectionDraft, acceptUnverified: boolean): Record<string, unknown> {
  const { name, provider, kind, environment, isDefault } = draft;
  return {
    name,
    ...given({ provider }),
    kind,
    environment,
    isDefault,
    acceptUnverified,
    settings: settingsOf(draft),
    ...secretOf(draft),
    ...(draft.check.url.trim() && !isSigning(draft) && { check: checkOf(draft.check) }),
    ...originsOf(draft),
  };
}

/** Where the secret may be sent, unless that is left to the platform. */
export function originsOf({ origins }: Pick<ConnectionDraft, 'origins'>): { origins?: string[] } {
  return origins.trim() === '' ? {} : { origins: wordsIn(origins) };
}

/** What of a draft is secret, as a message carries it. */
export function secretOf(draft: ConnectionDraft): Record<string, unknown> {
  const way = wayOf(draft);
  if (way === 'headers') {
    const written = draft.headers.filter(({ name, value }) => name.trim() !== '' || value !== '');
    return { headers: Object.fromEntries(written.map(({ name, value }) => [name.trim(), value.trim()])) };
  }
  const isPublicClient = way === 'oauth' && draft.oauth.clientAuthentication === 'none';
  // Copying adds spaces and line ends at both ends, which are never part of a secret.
  return way === 'nothing' || isPublicClient ? {} : given({ secret: draft.secret });
}

/** The check and the origins of a draft where they are others than those that a connection has. */
export function changedUse({ check, origins }: ConnectionDraft, connection: Pick<Connection, 'check' | 'origins'>): Record<string, unknown> {
  const before = draftOfUse(connection);
  return {
    ...(origins !== before.origins && { origins: wordsIn(origins) }),
    ...(JSON.stringify(check) !== JSON.stringify(before.check) && { check: check.url.trim() === '' ? null : checkOf(check) }),
  };
}

/** What a connection is tried out with and may be used for, as it is written down. */
export function draftOfUse({ check, origins }: Pick<Connection, 'check' | 'origins'>): Pick<ConnectionDraft, 'check' | 'origins'> {
  return { check: { ...EMPTY_DRAFT.check, ...check }, origins: origins.join(' ') };
}

/** A draft for the next secret of a connection. */
export function nextSecretDraft({ kind, settings, ...use }: Pick<Connection, 'kind' | 'settings' | 'check' | 'origins'>): ConnectionDraft {
  const clientAuthentication = settings.oauth?.clientAuthentication ?? 'basic';
  const headers = settings.headerNames?.map((name) => ({ name, value: '' })) ?? [NO_HEADER];
  const mcpAuthentication = settings.mcp?.authentication ?? 'bearer';
  return { ...EMPTY_DRAFT, ...draftOfUse(use), kind, mcpAuthentication, headers, oauth: { ...EMPTY_DRAFT.oauth, clientAuthentication } };
}

export function checkOf({ url, method, success, scopesHeader }: CheckDraft): Record<string, unknown> {
  return { method, ...given({ url, success, scopesHeader }) };
}

/** Space-separated, as RFC 6749 writes scopes; commas by habit. */
export function wordsIn(text: string): string[] {
  return [...new Set(text.split(/[\s,]+/).filter((word) => word !== ''))];
}

export function isSigning({ kind }: Pick<ConnectionDraft, 'kind'>): boolean {
  return kind === 'signing_secret';
}

/** Whether a person has to agree at the provider once it is stored. */
export function needsConsent({ kind, mcpUrl, mcpAuthentication }: ConnectionDraft): boolean {
  return isAgreedTo({ kind, settings: kind === 'mcp' ? { mcp: { url: mcpUrl, authentication: mcpAuthentication } } : {} });
}

function settingsOf(draft: ConnectionDraft): Record<string, unknown> {
  const { kind, username, header, mcpUrl, mcpAuthentication } = draft;
  return {
    ...(kind === 'basic' && given({ username })),
    ...(kind === 'api_key' && given({ header })),
    ...(kind === 'mcp' && { mcp: { url: mcpUrl.trim(), authentication: mcpAuthentication } }),
    ...(wayOf(draft) === 'oauth' && { oauth: oauthOf(draft) }),
  };
}

function oauthOf(draft: ConnectionDraft): Record<string, unknown> {
  const { scopes, clientAuthentication, authorizationUrl, revocationUrl, parameters, ...texts } = draft.oauth;
  const asking: Record<string, string> = needsConsent(draft) ? { authorizationUrl, revocationUrl } : {};
  const authorizationParameters = parametersIn(parameters);
  return {
    ...given({ ...texts, ...asking }),
    clientAuthentication,
    scopes: wordsIn(scopes),
    ...(needsConsent(draft) && Object.keys(authorizationParameters).length > 0 && { authorizationParameters }),
  };
}

/** `access_type=offline prompt=consent`. */
function parametersIn(text: string): Record<string, string> {
  const pairs = text.split(/\s+/).filter((pair) => pair !== '');
  return Object.fromEntries(pairs.map((pair) => [pair.split('=')[0]!, pair.slice(pair.indexOf('=') + 1)]));
}

/** The texts that are there. */
function given(texts: Record<string, string>): Record<string, string> {
  const kept = Object.entries(texts).map(([name, text]) => [name, text.trim()] as const);
  return Object.fromEntries(kept.filter(([, text]) => text !== ''));
}
