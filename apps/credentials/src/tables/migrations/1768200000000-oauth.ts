import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tokens have a row of their own: no unrelated write to the connection makes a refresh lose. What is secret is in connection_secrets. */
export class OAuth1768200000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table connection_tokens (
        org_id text collate "C" not null,
        connection_id text collate "C" not null,
        version integer not null check (version >= 0),
        issuer text,
        resource text,
        scopes text[],
        is_refreshable boolean not null,
        obtained_at timestamptz,
        expires_at timestamptz,
        refresh_at timestamptz,
        failures integer not null default 0,
        problem text,
        ended_at timestamptz,
        unsure boolean not null default false,
        lease_id uuid,
        lease_until timestamptz,
        primary key (org_id, connection_id),
        foreign key (org_id, connection_id) references connections
      );
      create index connection_tokens_due on connection_tokens (refresh_at) where refresh_at is not null;

      create table authorizations (
        org_id text collate "C" not null,
        state_hash bytea not null,
        connection_id text collate "C" not null,
        number integer not null generated always as identity (cycle),
        issuer text,
        scopes text[] not null,
        resource text,
        return_to text not null,
        binding_hash bytea,
        expires_at timestamptz not null,
        used_at timestamptz,
        primary key (org_id, state_hash),
        constraint authorizations_state_hash_unique unique (state_hash),
        foreign key (org_id, connection_id) references connections
      );
      create index authorizations_expires_at on authorizations (expires_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      delete from connection_secrets where purpose in ('tokens', 'pending');
      drop table authorizations, connection_tokens;
    `);
  }
}
