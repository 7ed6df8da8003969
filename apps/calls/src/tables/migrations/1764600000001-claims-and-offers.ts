import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the agent claimed and nothing backs, and which unheard results were offered again. Partitioned by session, as all of a call. */
export class ClaimsAndOffers1764600000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table claims (
        org_id text not null,
        session_id text collate "C" not null,
        turn_id text not null,
        ordinal integer not null,
        claim_id text not null,
        claim text not null,
        effect text not null,
        hint text not null,
        trace_id text not null,
        noticed_at timestamptz not null default now(),
        primary key (org_id, session_id, turn_id, ordinal)
      ) partition by range (session_id);

      create table offers (
        org_id text not null,
        session_id text collate "C" not null,
        invocation_id text not null,
        turn_id text not null,
        offered_at timestamptz not null default now(),
        primary key (org_id, session_id, invocation_id, turn_id)
      ) partition by range (session_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table offers, claims');
  }
}
