import { slotsEndAt } from '../domain/connection-rotation.ts';
import type { StoredConnection } from '../domain/connection.ts';
import type { ConnectionTable } from '../tables/connection.table.ts';

type Row = Omit<ConnectionTable, 'unpublished'>;

export function rowOf(stored: StoredConnection): Row {
  const { organizationId, connectionId, name, provider, kind, sandbox, settings, version, hint, slots, lifecycle, health, reason } = stored;
  return {
    org_id: organizationId,
    connection_id: connectionId,
    name,
    provider,
    kind,
    sandbox,
    is_default: stored.isDefault,
    settings,
    check_call: stored.check,
    origins: stored.origins,
    created_at: stored.createdAt,
    version,
    hint,
    version_since: stored.versionSince,
    last_version: stored.lastVersion,
    slots,
    slots_end_at: slotsEndAt(stored),
    lifecycle,
    deleted_from: stored.deletedFrom,
    undelete_until: stored.undeleteUntil,
    destroyed_at: stored.destroyedAt,
    health,
    reason,
    granted_scopes: stored.grantedScopes,
    refused_at: stored.refusedAt,
    last_checked_at: stored.lastCheckedAt,
    next_check_at: stored.nextCheckAt,
    last_used_at: stored.lastUsedAt,
    last_refreshed_at: stored.lastRefreshedAt,
    next_refresh_at: stored.nextRefreshAt,
    expires_at: stored.expiresAt,
  };
}

export function connectionOf(row: Row): StoredConnection {
  const { name, provider, kind, sandbox, settings, version, hint, slots, lifecycle, health, reason } = row;
  return {
    organizationId: row.org_id,
    connectionId: row.connection_id,
    name,
    provider,
    kind,
    sandbox,
    isDefault: row.is_default,
    settings,
    check: row.check_call,
    origins: row.origins,
    createdAt: row.created_at,
    version,
    hint,
    versionSince: row.version_since,
    lastVersion: row.last_version,
    slots,
    lifecycle,
    deletedFrom: row.deleted_from,
    undeleteUntil: row.undelete_until,
    destroyedAt: row.destroyed_at,
    health,
    reason,
    grantedScopes: row.granted_scopes,
    refusedAt: row.refused_at,
    lastCheckedAt: row.last_checked_at,
    nextCheckAt: row.next_check_at,
    lastUsedAt: row.last_used_at,
    lastRefreshedAt: row.last_refreshed_at,
    nextRefreshAt: row.next_refresh_at,
    expiresAt: row.expires_at,
  };
}
