import type { Connection, ConnectionState, ConnectionStatus, Health, Lifecycle, SecretSlot } from '@patchbay/contracts/connections';

type Time = 'lastCheckedAt' | 'lastUsedAt' | 'lastRefreshedAt' | 'nextRefreshAt' | 'expiresAt' | 'undeleteUntil';
type Derived = 'environment' | 'status' | 'slots' | 'createdAt' | Time;

/** A connection as we keep it: what is shown of it, and what decides its next step. */
export interface StoredConnection extends Omit<Connection, Derived>, Record<Time, Date | null> {
  organizationId: string;
  createdAt: Date;
  /** Since when `version` is the current one. */
  versionSince: Date;
  /** The highest version ever given out: none is used twice. */
  lastVersion: number;
  /** The versions beside the current one. */
  slots: SecretSlot[];
  /** What a deleted one was before. */
  deletedFrom: Lifecycle | null;
  /** When the secrets of a deleted one were destroyed. */
  destroyedAt: Date | null;
  /** Since when the provider refuses what it accepted before; null once it works. */
  refusedAt: Date | null;
  /** When it is tried out again, or believed again where there is nothing to try it out with. */
  nextCheckAt: Date | null;
}

export type NewConnection = Pick<
  StoredConnection,
  'organizationId' | 'connectionId' | 'name' | 'provider' | 'kind' | 'sandbox' | 'isDefault' | 'settings' | 'check' | 'origins' | 'hint' | 'lifecycle'
>;

/** Nothing is known yet of whether it works. */
export function newConnection(made: NewConnection, now: Date): StoredConnection {
  return {
    ...made,
    createdAt: now,
    version: 1,
    versionSince: now,
    lastVersion: 1,
    slots: [],
    deletedFrom: null,
    undeleteUntil: null,
    destroyedAt: null,
    health: 'unverified',
    reason: null,
    grantedScopes: null,
    refusedAt: null,
    lastCheckedAt: null,
    lastUsedAt: null,
    lastRefreshedAt: null,
    nextRefreshAt: null,
    expiresAt: null,
    nextCheckAt: null,
  };
}

/** Whether people must do something: what still works in spite of its trouble counts as connected. */
const STATUS: Readonly<Record<Health, ConnectionStatus>> = {
  unverified: 'connected',
  healthy: 'connected',
  expiring: 'connected',
  degraded: 'connected',
  scope_insufficient: 'error',
  refresh_failing: 'error',
  reconnect_required: 'error',
  revoked: 'disconnected',
};

function statusOf({ lifecycle, health }: Pick<StoredConnection, 'lifecycle' | 'health'>): ConnectionStatus {
  if (lifecycle === 'draft') return 'pending';
  return lifecycle === 'active' ? STATUS[health] : 'disconnected';
}

/** As anyone of its organization may see it. */
export function connectionView(stored: StoredConnection): Connection {
  const { connectionId, name, provider, kind, hint, sandbox, version, isDefault, settings, check, origins, lifecycle, health, reason, grantedScopes } = stored;
  return {
    connectionId,
    name,
    provider,
    kind,
    hint,
    sandbox,
    version,
    createdAt: stored.createdAt.toISOString(),
    environment: sandbox ? 'sandbox' : 'live',
    isDefault,
    settings,
    check,
    origins,
    lifecycle,
    health,
    status: statusOf(stored),
    reason,
    grantedScopes,
    lastCheckedAt: iso(stored.lastCheckedAt),
    lastUsedAt: iso(stored.lastUsedAt),
    lastRefreshedAt: iso(stored.lastRefreshedAt),
    nextRefreshAt: iso(stored.nextRefreshAt),
    expiresAt: iso(stored.expiresAt),
    slots: kind === 'none' || stored.destroyedAt ? [] : [{ slot: 'current', version, hint, since: stored.versionSince.toISOString(), until: null }, ...stored.slots],
    undeleteUntil: iso(stored.undeleteUntil),
  };
}

/** As the runner is told of it. */
export function connectionState(stored: StoredConnection): ConnectionState {
  const { organizationId, connectionId, provider, version, lifecycle, health, sandbox, isDefault, grantedScopes, reason, origins } = stored;
  const environment = sandbox ? 'sandbox' : 'live';
  return { organizationId, connectionId, provider, version, lifecycle, health, environment, isDefault, grantedScopes, reason: reason?.text ?? null, origins };
}

function iso(time: Date | null): string | null {
  return time && time.toISOString();
}
