import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tokens and pending sign-ins are secrets too; the index finds what is left under an old key. */
export class SecretPurposes1768000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table connection_secrets
        add column purpose text not null default 'secret' check (purpose in ('secret', 'tokens', 'pending')),
        drop constraint connection_secrets_pkey,
        add primary key (org_id, connection_id, purpose, version);
      create index connection_secrets_kek_id on connection_secrets (kek_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      delete from connection_secrets where purpose <> 'secret';
      drop index connection_secrets_kek_id;
      alter table connection_secrets
        drop constraint connection_secrets_pkey,
        add primary key (org_id, connection_id, version),
        drop column purpose;
    `);
  }
}
