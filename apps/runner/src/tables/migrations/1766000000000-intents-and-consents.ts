import type { MigrationInterface, QueryRunner } from 'typeorm';

export class IntentsAndConsents1766000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table invocations add column facts jsonb, add column verify_at timestamptz,
        add column stored_at timestamptz not null default now();
      create index invocations_verify on invocations (verify_at) where verify_at is not null;

      create table intents (
        org_id text not null,
        session_id text collate "C" not null,
        function text not null,
        arguments_hash text not null,
        epoch integer not null,
        intent_id text not null,
        generation integer not null,
        invocation_id text not null,
        runner_id text not null,
        idempotency_key text,
        edge_id text not null,
        turn_id text not null,
        tool_call_id text not null,
        effect text not null,
        version_id text not null,
        arguments jsonb not null,
        facts jsonb,
        trace_id text not null,
        received_at timestamptz not null,
        committed_at timestamptz not null default now(),
        primary key (org_id, session_id, function, arguments_hash, epoch)
      ) partition by range (session_id);
      create unique index intents_idempotency_key on intents (org_id, session_id, idempotency_key) where idempotency_key is not null;

      create table consents (
        org_id text not null,
        session_id text collate "C" not null,
        consent_id text not null,
        function text not null,
        arguments_hash text not null,
        epoch integer not null,
        state text not null,
        read_back text not null,
        after_position bigint not null,
        after_index integer not null,
        asked_turn_id text not null,
        asked_at timestamptz not null default now(),
        expires_at timestamptz not null,
        verdict text,
        turn_id text,
        words text,
        decided_at timestamptz,
        intent_id text,
        primary key (org_id, session_id, consent_id)
      ) partition by range (session_id);
      create unique index consents_asked on consents (org_id, session_id, function, arguments_hash, epoch) where state = 'asked';
      create unique index consents_turn on consents (org_id, session_id, turn_id) where state = 'used';

      create table runners (
        runner_id text primary key,
        lease_until timestamptz not null,
        sweeps integer not null default 0
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table runners, consents, intents; alter table invocations drop column facts, drop column verify_at, drop column stored_at');
  }
}
