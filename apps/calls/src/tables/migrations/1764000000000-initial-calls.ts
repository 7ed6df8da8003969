import { OUTBOX_SQL } from '@patchbay/service-kit/database/outbox';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Everything of a call is found by its session, whose id sorts by time: that is the partition key of all three. */
export class InitialCalls1764000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table sessions (
        org_id text not null,
        session_id text collate "C" not null,
        edge_id text not null,
        agent_id text not null,
        agent_name text not null,
        version_id text not null,
        channel text not null,
        direction text not null,
        caller_number text,
        called_number text,
        edge_call_id text,
        variables jsonb not null,
        max_duration_ms integer not null,
        state text not null check (state in ('live', 'ended')),
        started_at timestamptz not null,
        ended_at timestamptz,
        end_reason text,
        primary key (org_id, session_id)
      ) partition by range (session_id);
      create index sessions_live on sessions (started_at) where state = 'live';

      create table turns (
        org_id text not null,
        session_id text collate "C" not null,
        turn_id text not null,
        index integer not null,
        role text not null check (role in ('caller', 'agent')),
        text text not null,
        started_at timestamptz not null,
        ended_at timestamptz not null,
        interrupted boolean not null,
        timings jsonb,
        trace_id text not null,
        received_at timestamptz not null default now(),
        primary key (org_id, session_id, turn_id)
      ) partition by range (session_id);

      create table heard (
        org_id text not null,
        session_id text collate "C" not null,
        invocation_id text not null,
        turn_id text not null,
        heard text not null check (heard in ('full', 'partly', 'none')),
        received_at timestamptz not null default now(),
        primary key (org_id, session_id, invocation_id)
      ) partition by range (session_id);
    `);
    await runner.query(OUTBOX_SQL);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table outbox, heard, turns, sessions');
  }
}
