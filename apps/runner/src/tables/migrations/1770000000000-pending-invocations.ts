import { tenantTable } from '@patchbay/service-kit/database/walls';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was answered `pending` outlives its runner. */
export class PendingInvocations1770000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table pending_invocations (
        org_id text not null,
        invocation_id text collate "C" not null,
        runner_id text not null,
        session_id text not null,
        turn_id text not null,
        edge_id text not null,
        tool_call_id text not null,
        function text not null,
        effect text not null,
        version_id text not null,
        arguments jsonb not null,
        facts jsonb not null,
        trace_id text not null,
        received_at timestamptz not null,
        generation integer not null,
        intent_id text,
        poll jsonb,
        poll_until timestamptz,
        primary key (org_id, invocation_id)
      ) partition by range (invocation_id);
      create index pending_invocations_runner on pending_invocations (runner_id);
      create index pending_invocations_session on pending_invocations (org_id, session_id);
      ${tenantTable('pending_invocations')}
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table pending_invocations');
  }
}
