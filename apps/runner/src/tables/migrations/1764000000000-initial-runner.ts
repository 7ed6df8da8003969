import type { MigrationInterface, QueryRunner } from 'typeorm';

export class InitialRunner1764000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table invocations (
        org_id text not null,
        invocation_id text collate "C" not null,
        session_id text not null,
        turn_id text not null,
        edge_id text not null,
        tool_call_id text not null,
        function text not null,
        effect text not null,
        version_id text not null,
        arguments jsonb not null,
        status text not null,
        verdict jsonb,
        trace_id text not null,
        received_at timestamptz not null,
        duration_ms double precision,
        attempt integer not null,
        primary key (org_id, invocation_id)
      ) partition by range (invocation_id);
      create index invocations_session on invocations (org_id, session_id);

      create table attempts (
        org_id text not null,
        invocation_id text collate "C" not null,
        attempt integer not null,
        started_at timestamptz not null,
        evidence jsonb not null,
        primary key (org_id, invocation_id, attempt)
      ) partition by range (invocation_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table attempts, invocations');
  }
}
