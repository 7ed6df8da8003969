import { INBOX_SQL } from '@patchbay/service-kit/database/outbox';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A delivery grows with calls and is dropped by day; a webhook stays. */
export class InitialWorkflows1764000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table webhooks (
        org_id text collate "C" not null,
        webhook_id text collate "C" not null,
        url text not null,
        events text[] not null check (cardinality(events) > 0),
        connection_id text not null,
        created_at timestamptz not null,
        primary key (org_id, webhook_id),
        constraint webhooks_org_id_url_unique unique (org_id, url)
      );

      create table deliveries (
        org_id text collate "C" not null,
        delivery_id text collate "C" not null,
        webhook_id text collate "C" not null,
        event_id text not null,
        subject text not null,
        body text not null,
        traceparent text,
        state text not null check (state in ('waiting', 'delivered', 'exhausted')),
        attempts integer not null,
        last_status integer,
        last_problem text,
        next_attempt_at timestamptz,
        created_at timestamptz not null,
        primary key (org_id, delivery_id),
        foreign key (org_id, webhook_id) references webhooks,
        check ((state = 'waiting') = (next_attempt_at is not null))
      ) partition by range (delivery_id);
      create index deliveries_due on deliveries (next_attempt_at) where state = 'waiting';
      create index deliveries_of_webhook on deliveries (org_id, webhook_id, delivery_id);
    `);
    await runner.query(INBOX_SQL);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table inbox, deliveries, webhooks');
  }
}
