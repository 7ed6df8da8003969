import type { ConnectionKind, ConnectionSecret, ConnectionSettings } from '@patchbay/contracts/connection-kinds';
import type { ResolvedConnection, SecretSlot } from '@patchbay/contracts/connections';
import type { StoredConnection } from './connection.ts';
import { isRefreshed } from './connection-health.ts';

export type Placement = Pick<ResolvedConnection, 'headers' | 'signingSecrets'>;

const NOWHERE: Placement = { headers: {}, signingSecrets: [] };

type Place = (secret: Required<ConnectionSecret>, settings: ConnectionSettings) => Placement;

/** Many a dashboard shows its token with the word before it, and many a person pastes both. */
const bearer: Place = ({ secret }) => inHeaders({ authorization: `Bearer ${secret.replace(/^Bearer +/i, '')}` });

/** Where what a provider is told goes in a request: the secret itself, or for OAuth the access token. */
const PLACES: Readonly<Record<ConnectionKind, Place>> = {
  none: () => NOWHERE,
  bearer,
  basic: ({ secret }, { username }) => inHeaders({ authorization: `Basic ${Buffer.from(`${username}:${secret}`).toString('base64')}` }),
  api_key: ({ secret }, { header = '' }) => inHeaders({ [header]: secret }),
  custom_headers: ({ headers }) => inHeaders(headers),
  oauth2_authorization_code: bearer,
  oauth2_client_credentials: bearer,
  signing_secret: ({ secret }) => ({ headers: {}, signingSecrets: [secret] }),
  mcp: (secret, settings) => (settings.mcp?.authentication === 'headers' ? inHeaders(secret.headers) : bearer(secret, settings)),
};

type Placed = Pick<StoredConnection, 'kind' | 'settings'>;

/** A secret as requests carry it. Nothing for OAuth: a client secret is for the token end point only. */
export function placedSecret(connection: Placed, { secret = '', headers = {} }: ConnectionSecret): Placement {
  return isRefreshed(connection) ? NOWHERE : PLACES[connection.kind]({ secret, headers }, connection.settings);
}

/** An OAuth access token as requests carry it. */
export function placedToken({ kind, settings }: Placed, accessToken: string): Placement {
  return PLACES[kind]({ secret: accessToken, headers: {} }, settings);
}

function inHeaders(headers: Record<string, string>): Placement {
  return { headers, signingSecrets: [] };
}

/** The longest that a runner may keep what it was given. */
const MAX_CACHE_MS = 60_000;

/** All that one request needs. With a previous secret, the request may be repeated with that one, and is signed with both. */
export function resolved(
  { connectionId, version, sandbox, origins }: Pick<StoredConnection, 'connectionId' | 'version' | 'sandbox' | 'origins'>,
  current: Placement & { expiresAt: Date | null },
  spare: { slot: SecretSlot; placement: Placement } | null,
  now: Date,
): ResolvedConnection {
  const ends = [current.expiresAt?.getTime(), spare?.slot.until ? Date.parse(spare.slot.until) : undefined];
  const leftMs = ends.flatMap((end) => (end === undefined ? [] : [end - now.getTime()]));
  const hasHeaders = spare !== null && Object.keys(spare.placement.headers).length > 0;
  return {
    connectionId,
    version,
    sandbox,
    origins,
    headers: current.headers,
    sealed: null,
    signingSecrets: [...current.signingSecrets, ...(spare?.placement.signingSecrets ?? [])],
    fallback: hasHeaders ? { version: spare.slot.version, headers: spare.placement.headers } : null,
    cacheMs: Math.max(0, Math.min(MAX_CACHE_MS, ...leftMs)),
  };
}
