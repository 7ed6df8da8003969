import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Snapshots are `json`, not `jsonb`, which sorts the keys: models fill in parameters in the order they read them. */
export class InitialAgents1764000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table agents (
        org_id text collate "C" not null,
        agent_id text collate "C" not null,
        name text not null,
        latest_number integer not null,
        deployed_version_id text collate "C",
        created_at timestamptz not null,
        primary key (org_id, agent_id),
        constraint agents_org_id_name_unique unique (org_id, name)
      );

      create table agent_versions (
        org_id text collate "C" not null,
        version_id text collate "C" not null,
        agent_id text collate "C" not null,
        number integer not null,
        state text not null check (state in ('draft', 'deployed', 'retired')),
        instructions text not null,
        functions json not null,
        turn_budget_ms integer not null,
        max_duration_ms integer not null,
        inactivity json not null,
        snapshot json,
        published_at timestamptz,
        created_at timestamptz not null,
        primary key (org_id, version_id),
        constraint agent_versions_org_id_agent_id_number_unique unique (org_id, agent_id, number),
        foreign key (org_id, agent_id) references agents (org_id, agent_id),
        check (state = 'draft' or snapshot is not null)
      );
      create unique index agent_versions_org_id_agent_id_deployed_unique
        on agent_versions (org_id, agent_id) where state = 'deployed';
      create index agent_versions_unpublished
        on agent_versions (org_id, agent_id) where published_at is null and snapshot is not null;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table agent_versions, agents');
  }
}
