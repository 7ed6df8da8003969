import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The partition column is made of the span itself (its start and its id), so that a span sent twice has the same key both
 * times: a random id would store the retry of an exporter as a second span. The key begins with what a trace is found by.
 * Attributes are `json` and not `jsonb`: nothing searches in them, and parsing them would cost a fifth of an insert.
 */
export class InitialObservability1764000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table spans (
        org_id text collate "C" not null,
        trace_id text collate "C" not null,
        stored_id text collate "C" not null,
        parent_span_id text collate "C",
        session_id text collate "C",
        name text not null,
        kind smallint not null,
        service text not null,
        start_unix_nano bigint not null,
        duration_ns bigint not null,
        status smallint not null,
        attributes json not null,
        primary key (org_id, trace_id, stored_id)
      ) partition by range (stored_id);
      create index spans_session on spans (org_id, session_id) where session_id is not null;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table spans');
  }
}
