import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A definition is `json`, not `jsonb`: it must come back as it was written. `jsonb` sorts the keys, and models fill in
 * parameters in the order they read them.
 */
export class InitialCatalog1764000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table tools (
        org_id text collate "C" not null,
        tool_id text collate "C" not null,
        name text not null,
        latest_version integer not null check (latest_version >= 1),
        created_at timestamptz not null,
        primary key (org_id, tool_id),
        constraint tools_org_id_name_unique unique (org_id, name)
      );

      create table tool_versions (
        org_id text collate "C" not null,
        tool_id text collate "C" not null,
        version integer not null,
        definition json not null,
        created_at timestamptz not null,
        primary key (org_id, tool_id, version),
        foreign key (org_id, tool_id) references tools (org_id, tool_id)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table tool_versions, tools');
  }
}
