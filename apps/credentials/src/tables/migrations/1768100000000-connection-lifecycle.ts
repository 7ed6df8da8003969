import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Every new column has a default: a process of the version before goes on making connections beside this one. */
export class ConnectionLifecycle1768100000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table connections
        drop constraint connections_kind_check,
        add constraint connections_kind_check check (kind in ('none', 'bearer', 'basic', 'api_key', 'custom_headers',
          'oauth2_authorization_code', 'oauth2_client_credentials', 'signing_secret', 'mcp')),
        drop constraint connections_org_id_name_unique,
        add column is_default boolean not null default false,
        add column settings jsonb not null default '{}',
        add column check_call jsonb,
        add column lifecycle text not null default 'active' check (lifecycle in ('draft', 'active', 'disabled', 'deleted')),
        add column deleted_from text check (deleted_from in ('draft', 'active', 'disabled')),
        add column undelete_until timestamptz,
        add column destroyed_at timestamptz,
        add column health text not null default 'unverified' check (health in ('unverified', 'healthy', 'expiring', 'degraded',
          'scope_insufficient', 'refresh_failing', 'reconnect_required', 'revoked')),
        add column reason jsonb,
        add column granted_scopes text[],
        add column refused_at timestamptz,
        add column version_since timestamptz not null default now(),
        add column last_version integer not null default 1,
        add column slots jsonb not null default '[]',
        add column slots_end_at timestamptz,
        add column last_checked_at timestamptz,
        add column last_used_at timestamptz,
        add column last_refreshed_at timestamptz,
        add column next_refresh_at timestamptz,
        add column expires_at timestamptz,
        add column next_check_at timestamptz,
        add column unpublished boolean not null default true;
      update connections set last_version = version, version_since = created_at;

      create unique index connections_org_id_name_unique on connections (org_id, name) where lifecycle <> 'deleted';
      create unique index connections_default_unique on connections (org_id, provider, sandbox) where is_default and lifecycle <> 'deleted';
      create index connections_next_check_at on connections (next_check_at) where next_check_at is not null and lifecycle = 'active';
      create index connections_slots_end_at on connections (slots_end_at) where slots_end_at is not null;
      create index connections_undelete_until on connections (undelete_until) where lifecycle = 'deleted' and destroyed_at is null;
      create index connections_unpublished on connections (org_id, connection_id) where unpublished;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      delete from connection_secrets s using connections c
        where s.org_id = c.org_id and s.connection_id = c.connection_id
          and (c.lifecycle = 'deleted' or c.kind not in ('bearer', 'signing_secret') or s.version <> c.version);
      delete from connections where lifecycle = 'deleted' or kind not in ('bearer', 'signing_secret');
      drop index connections_unpublished, connections_undelete_until, connections_slots_end_at, connections_next_check_at,
        connections_default_unique, connections_org_id_name_unique;
      alter table connections
        drop column unpublished, drop column next_check_at, drop column expires_at, drop column next_refresh_at, drop column last_refreshed_at,
        drop column last_used_at, drop column last_checked_at, drop column slots_end_at, drop column slots, drop column last_version,
        drop column version_since, drop column refused_at, drop column granted_scopes, drop column reason, drop column health,
        drop column destroyed_at, drop column undelete_until, drop column deleted_from, drop column lifecycle, drop column check_call,
        drop column settings, drop column is_default,
        drop constraint connections_kind_check,
        add constraint connections_kind_check check (kind in ('bearer', 'signing_secret')),
        add constraint connections_org_id_name_unique unique (org_id, name);
    `);
  }
}
