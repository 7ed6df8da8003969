import type { ConnectionKind, ConnectionSecret, ConnectionSettings } from '@patchbay/contracts/connection-kinds';
import type { Connection } from '@patchbay/contracts/connections';

interface Kind {
  kind: ConnectionKind;
  title: string;
  help: string;
}

/** The ways to be known to a provider, the most common first. */
export const KINDS: readonly Kind[] = [
  { kind: 'bearer', title: 'Token', help: 'One token or API key, sent as “Authorization: Bearer …”. Most APIs take this.' },
  { kind: 'api_key', title: 'Key in a header', help: 'One key in a header that the provider names, for example X-Api-Key.' },
  { kind: 'basic', title: 'User name and password', help: 'Sent with each request, over https only.' },
  { kind: 'custom_headers', title: 'Several headers', help: 'For providers that want more than one secret header.' },
  {
    kind: 'oauth2_authorization_code',
    title: 'Account at the provider (OAuth)',
    help: 'Somebody signs in there once and agrees. Patchbay keeps the access fresh by itself.',
  },
  {
    kind: 'oauth2_client_credentials',
    title: 'Program (OAuth client)',
    help: 'A client id and secret that the provider gave you; no person has to agree.',
  },
  { kind: 'mcp', title: 'MCP server', help: 'A server of tools (Model Context Protocol), with a token, headers or OAuth.' },
  {
    kind: 'signing_secret',
    title: 'Signing secret',
    help: 'Nothing is sent along: requests are signed, so that your own server can tell they come from Patchbay.',
  },
  { kind: 'none', title: 'No secret', help: 'The provider answers anybody.' },
];

export function kindTitle(kind: ConnectionKind): string {
  return KINDS.find((candidate) => candidate.kind === kind)?.title ?? kind;
}

interface Kinded {
  kind: ConnectionKind;
  settings: Pick<ConnectionSettings, 'mcp' | 'oauth'>;
}

/** Which secret belongs to a connection; null for one that has none of its own. */
export function secretPartOf({ kind, settings }: Kinded): keyof ConnectionSecret | null {
  if (kind === 'none') return null;
  if (kind === 'custom_headers' || (kind === 'mcp' && settings.mcp?.authentication === 'headers')) return 'headers';
  const isPublicClient = settings.oauth?.clientAuthentication === 'none' && isAgreedTo({ kind, settings });
  return isPublicClient ? null : 'secret';
}

/** Whether a person has to agree at the provider before it works. */
export function isAgreedTo({ kind, settings }: Kinded): boolean {
  return kind === 'oauth2_authorization_code' || (kind === 'mcp' && settings.mcp?.authentication === 'oauth');
}

/** Whether Patchbay gets its access tokens by itself. */
export function isRefreshed(connection: Kinded): boolean {
  return connection.kind === 'oauth2_client_credentials' || isAgreedTo(connection);
}

/** Whether somebody granted an access that could be taken back. */
export function isRevocable({ lifecycle, health, ...connection }: Kinded & Pick<Connection, 'lifecycle' | 'health'>): boolean {
  return isAgreedTo(connection) && (lifecycle === 'active' || lifecycle === 'disabled') && health !== 'revoked';
}

/** What the one secret of a kind is called where it comes from. */
export function secretName(kind: ConnectionKind): string {
  const names: Partial<Record<ConnectionKind, string>> = { basic: 'Password', api_key: 'Key', signing_secret: 'Signing secret' };
  if (kind.startsWith('oauth2')) return 'Client secret';
  return names[kind] ?? 'Token';
}
