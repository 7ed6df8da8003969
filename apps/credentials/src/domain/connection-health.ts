import type { Health } from '@patchbay/contracts/connections';
import type { Fault, Finding } from './connection-check.ts';
import { stepped } from './connection-lifecycle.ts';
import type { StoredConnection } from './connection.ts';

/** What a token end point gave. */
export interface TokensObtained {
  at: Date;
  /** Null: nobody said. */
  grantedScopes: string[] | null;
  expiresAt: Date | null;
  nextRefreshAt: Date | null;
}

export interface RefreshTrouble {
  at: Date;
  text: string;
  fault: Fault;
  nextRefreshAt: Date | null;
}

/** What was learned of a connection. */
export type HealthEvent =
  | { kind: 'checked'; at: Date; version: number; finding: Finding }
  | { kind: 'used'; at: Date; version: number; use: 'worked' | 'refused' | 'lacks_scope'; byFallback: boolean; status?: number }
  /** A person connected the account. */
  | ({ kind: 'authorized' } & TokensObtained)
  | ({ kind: 'refreshed' } & TokensObtained)
  /** It will be tried again. */
  | ({ kind: 'refresh_failed' } & RefreshTrouble)
  /** Only a person can mend it, by connecting the account again. */
  | ({ kind: 'refresh_refused' } & RefreshTrouble)
  /** Somebody took the access back here. */
  | { kind: 'revoked'; at: Date; text: string }
  | { kind: 'expiring'; at: Date; text: string }
  /** Refused in real traffic, and nothing there to try it out with: the next use will tell. */
  | { kind: 'probation'; at: Date };

type EventOf<K extends HealthEvent['kind']> = Extract<HealthEvent, { kind: K }>;

/** How long a runner may still use what it resolved before. */
const HELD_MS = 60_000;
/** A refused connection without a check is believed again after this. */
const PROBATION_AFTER_MS = 15 * 60_000;

/** The connection after what was learned of it; the same object when nothing follows from it. */
export function learned(connection: StoredConnection, event: HealthEvent): StoredConnection {
  const reduce = REDUCERS[event.kind] as (connection: StoredConnection, event: HealthEvent) => StoredConnection;
  return reduce(connection, event);
}

const REDUCERS: { readonly [K in HealthEvent['kind']]: (connection: StoredConnection, event: EventOf<K>) => StoredConnection } = {
  checked(connection, { at, version, finding }) {
    if (version !== connection.version) return connection;
    const scopes = finding.kind === 'trouble' ? null : finding.scopes;
    const checked = { ...connection, lastCheckedAt: at, grantedScopes: scopes ?? connection.grantedScopes };
    if (finding.kind === 'trouble') return troubled(checked, finding.text, finding.fault);
    if (finding.kind === 'refused') return refused(checked, at, finding.text);
    if (finding.kind === 'lacks_scope') return lacking(checked, finding.text);
    const isStuck = checked.health === 'scope_insufficient' && checked.grantedScopes !== null && scopes === null;
    return isStuck ? checked : working(checked);
  },

  used(connection, { at, version, use, byFallback, status }) {
    if (byFallback) return onFallback(connection);
    // What an older secret was told says nothing about this one.
    if (version !== connection.version) return connection;
    const words = status === undefined ? '' : ` (${status})`;
    if (use === 'lacks_scope') return lacking(connection, `The provider knows the account, but did not allow what was asked${words}.`);
    if (use === 'refused') return isOfTokenBefore(connection, at) ? connection : refusedInUse(connection, at, words);
    const used = { ...connection, lastUsedAt: at };
    // That one thing is allowed does not mean that the other is.
    return used.health === 'scope_insufficient' ? used : working(used);
  },

  authorized: (connection, tokens) =>
    sound({ ...withTokens(stepped(connection, 'authorize'), tokens), refusedAt: null, nextCheckAt: connection.check && tokens.at }),

  refreshed(connection, tokens) {
    const refreshed = withTokens(connection, tokens);
    if (connection.refusedAt === null) return sound(refreshed);
    // The provider gave a new token, but may refuse that one too.
    return connection.health === 'reconnect_required' ? refreshed : { ...refreshed, health: 'unverified', reason: null };
  },

  refresh_failed(connection, { text, fault, nextRefreshAt }) {
    if (isOver(connection)) return connection;
    return { ...connection, nextRefreshAt, health: 'refresh_failing', reason: { text, fault } };
  },

  refresh_refused: (connection, { text, fault }) => ended(connection, 'reconnect_required', { text, fault }),

  // Without tokens there is nothing that could be tried out, and nothing is granted any more.
  revoked: (connection, { text }) => ({
    ...ended(connection, 'revoked', { text, fault: 'organization' }),
    expiresAt: null,
    grantedScopes: null,
    nextCheckAt: null,
  }),

  expiring: (connection, { text }) =>
    connection.health === 'healthy' || connection.health === 'unverified'
      ? { ...connection, health: 'expiring', reason: { text, fault: 'organization' } }
      : connection,

  probation(connection) {
    if (connection.health !== 'reconnect_required' || connection.refusedAt === null) return connection;
    const text = 'The provider refused it; whether it does so still will show with its next use.';
    return { ...connection, health: 'unverified', reason: { text, fault: 'organization' }, nextCheckAt: null };
  },
};

/** A new secret took the place of the old one: what was known was of that one. A client's secret brings no access back that was taken back. */
export function unproven(connection: StoredConnection): StoredConnection {
  if (connection.health === 'revoked') return connection;
  const grantedScopes = connection.settings.oauth ? connection.grantedScopes : null;
  return { ...believed(connection), health: 'unverified', reason: null, grantedScopes };
}

/** Other scopes are asked for from now on; those that are there may not do. */
export function rescoped(connection: StoredConnection): StoredConnection {
  const isKnown = connection.grantedScopes !== null && (connection.health === 'healthy' || connection.health === 'scope_insufficient');
  return isKnown ? sound(connection) : connection;
}

/** The outcome of trying out a secret that was then stored; null when there was nothing to try it out with. */
export function tried(connection: StoredConnection, finding: Finding | null, at: Date): StoredConnection {
  if (!finding) return connection;
  if (finding.kind === 'worked') return learned(connection, { kind: 'checked', at, version: connection.version, finding });
  // Kept on somebody's word: that it did not work is not held against it before its next use.
  const { text } = finding;
  return { ...connection, lastCheckedAt: at, reason: { text, fault: finding.kind === 'trouble' ? finding.fault : 'organization' } };
}

/** Nothing speaks against it any more; what was planned only because something did is off. */
function believed(connection: StoredConnection): StoredConnection {
  return { ...connection, refusedAt: null, nextCheckAt: connection.check && connection.nextCheckAt };
}

/** Whether only a person can mend it: what a provider says of an old token changes nothing about that. */
function isOver({ health, refusedAt }: StoredConnection): boolean {
  return health === 'revoked' || (health === 'reconnect_required' && refusedAt === null);
}

/** Its tokens are fetched by us, so a refused one need not be the end. */
export function isRefreshed({ kind, settings }: Pick<StoredConnection, 'kind' | 'settings'>): boolean {
  return kind === 'oauth2_authorization_code' || kind === 'oauth2_client_credentials' || (kind === 'mcp' && settings.mcp?.authentication === 'oauth');
}

/** These are not mended by a request that worked. */
const STAYS: readonly Health[] = ['expiring', 'refresh_failing'];

function working(connection: StoredConnection): StoredConnection {
  if (isOver(connection)) return connection;
  const proven = believed(connection);
  return STAYS.includes(connection.health) ? proven : sound(proven);
}

function sound(connection: StoredConnection): StoredConnection {
  const missing = missingScopes(connection);
  if (missing.length === 0) return { ...connection, health: 'healthy', reason: null };
  return lacking(connection, `The provider granted less than was asked for: ${missing.join(', ')} is missing.`);
}

function lacking(connection: StoredConnection, text: string): StoredConnection {
  return isOver(connection) ? connection : { ...connection, health: 'scope_insufficient', reason: { text, fault: 'organization' } };
}

/** Trouble says nothing about what is known to be wrong already. */
const SHAKEN: readonly Health[] = ['unverified', 'healthy', 'degraded'];

function troubled(connection: StoredConnection, text: string, fault: Fault): StoredConnection {
  return SHAKEN.includes(connection.health) ? { ...connection, health: 'degraded', reason: { text, fault } } : connection;
}

function refusedInUse(connection: StoredConnection, at: Date, words: string): StoredConnection {
  const what = connection.kind === 'none' ? 'asks for a secret, and this connection has none' : 'does not accept the secret';
  const after = refused(connection, at, `The provider ${what}${words}.`);
  if (after === connection || after.health !== 'reconnect_required') return after;
  return { ...after, nextCheckAt: after.check ? at : new Date(at.getTime() + PROBATION_AFTER_MS) };
}

function refused(connection: StoredConnection, at: Date, text: string): StoredConnection {
  if (isOver(connection) || connection.health === 'reconnect_required') return connection;
  const reason = { text, fault: 'organization' } as const;
  const { refusedAt, lastRefreshedAt } = connection;
  const isOfNewToken = refusedAt !== null && lastRefreshedAt !== null && lastRefreshedAt > refusedAt;
  if (!isRefreshed(connection) || isOfNewToken) return { ...connection, health: 'reconnect_required', reason, refusedAt: refusedAt ?? at };
  return { ...connection, health: 'degraded', reason, refusedAt: refusedAt ?? at, nextRefreshAt: at };
}

function isOfTokenBefore(connection: StoredConnection, at: Date): boolean {
  const { lastRefreshedAt } = connection;
  return isRefreshed(connection) && lastRefreshedAt !== null && at.getTime() - lastRefreshedAt.getTime() < HELD_MS;
}

function onFallback(connection: StoredConnection): StoredConnection {
  const previous = connection.slots.find(({ slot }) => slot === 'previous');
  if (!previous || isOver(connection)) return connection;
  const text = `The provider refuses the current secret; the previous one stands in until ${previous.until}. Revert the rotation, or rotate again.`;
  return { ...connection, health: 'degraded', reason: { text, fault: 'organization' } };
}

function withTokens(connection: StoredConnection, { at, grantedScopes, expiresAt, nextRefreshAt }: TokensObtained): StoredConnection {
  return { ...connection, lastRefreshedAt: at, grantedScopes: grantedScopes ?? connection.grantedScopes, expiresAt, nextRefreshAt };
}

function ended(connection: StoredConnection, health: Health, reason: StoredConnection['reason']): StoredConnection {
  return { ...believed(connection), nextRefreshAt: null, health, reason };
}

/** OpenID Connect's own: they ask for claims or a refresh token, not for permission, and many providers do not list them. */
const NOT_PERMISSIONS = ['openid', 'profile', 'email', 'address', 'phone', 'offline_access'];

function missingScopes({ settings, grantedScopes }: StoredConnection): string[] {
  if (grantedScopes === null) return [];
  return (settings.oauth?.scopes ?? []).filter((scope) => !NOT_PERMISSIONS.includes(scope) && !grantedScopes.includes(scope));
}
