import { INBOX_SQL } from '@patchbay/service-kit/database/outbox';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** `org_id` and `sequence` are the chain. Nothing in here is ever changed or taken away: the triggers refuse it to the owner too. */
export class AuditLog1768400000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table audit_entries (
        org_id text collate "C" not null,
        sequence bigint not null check (sequence >= 1),
        audit_id text collate "C" not null,
        at timestamptz not null,
        change jsonb not null,
        previous text not null,
        hash text not null,
        action text not null generated always as (change ->> 'action') stored,
        object_id text not null generated always as (change -> 'object' ->> 'id') stored,
        primary key (org_id, sequence),
        constraint audit_entries_audit_id_unique unique (org_id, audit_id)
      );
      create index audit_entries_object_id on audit_entries (org_id, object_id, sequence);

      create function refuse_change_of_audit() returns trigger language plpgsql as $$
        begin
          raise exception 'the audit log is append-only' using errcode = 'insufficient_privilege';
        end
      $$;
      create trigger audit_entries_stay before update or delete on audit_entries
        for each row execute function refuse_change_of_audit();
      create trigger audit_entries_are_not_truncated before truncate on audit_entries
        for each statement execute function refuse_change_of_audit();
    `);
    await runner.query(INBOX_SQL);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table audit_entries, inbox; drop function refuse_change_of_audit');
  }
}
