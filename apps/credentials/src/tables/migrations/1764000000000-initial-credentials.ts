import type { MigrationInterface, QueryRunner } from 'typeorm';

/** `org_id` leads every key: an organization's rows lie together and no statement finds another's by accident. */
export class InitialCredentials1764000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table organizations (
        org_id text collate "C" primary key,
        name text not null,
        created_at timestamptz not null,
        constraint organizations_name_unique unique (name)
      );

      create table api_keys (
        org_id text collate "C" not null references organizations,
        api_key_id text collate "C" not null,
        hash bytea not null,
        role text not null check (role in ('operator', 'member')),
        created_at timestamptz not null,
        primary key (org_id, api_key_id)
      );
      create index api_keys_api_key_id on api_keys (api_key_id);

      create table edges (
        org_id text collate "C" not null references organizations,
        edge_id text collate "C" not null,
        name text not null,
        nats_public_key text not null,
        created_at timestamptz not null,
        primary key (org_id, edge_id),
        constraint edges_org_id_name_unique unique (org_id, name)
      );

      create table connections (
        org_id text collate "C" not null references organizations,
        connection_id text collate "C" not null,
        name text not null,
        provider text not null,
        kind text not null check (kind in ('bearer', 'signing_secret')),
        hint text not null check (length(hint) <= 4),
        version integer not null check (version >= 1),
        created_at timestamptz not null,
        primary key (org_id, connection_id),
        constraint connections_org_id_name_unique unique (org_id, name)
      );

      create table connection_secrets (
        org_id text collate "C" not null,
        connection_id text collate "C" not null,
        version integer not null,
        alg text not null,
        kek_id text not null,
        wrapped_dek bytea not null,
        dek_iv bytea not null,
        dek_tag bytea not null,
        iv bytea not null,
        tag bytea not null,
        ciphertext bytea not null,
        primary key (org_id, connection_id, version),
        foreign key (org_id, connection_id) references connections
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table connection_secrets, connections, edges, api_keys, organizations');
  }
}
