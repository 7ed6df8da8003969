import type { MigrationInterface, QueryRunner } from 'typeorm';

/** People belong to an organization; a sign-in belongs to an identity, before it is known where that may act. */
export class People1768310000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table people (
        org_id text collate "C" not null references organizations,
        person_id text collate "C" not null,
        email text not null check (email = lower(email)),
        name text,
        role text not null check (role in ('owner', 'builder', 'operator', 'viewer')),
        issuer text,
        subject text,
        linked_at timestamptz,
        last_sign_in_at timestamptz,
        created_at timestamptz not null,
        primary key (org_id, person_id),
        constraint people_org_id_email_unique unique (org_id, email),
        constraint people_linked_whole check ((issuer is null) = (subject is null) and (issuer is null) = (linked_at is null))
      );
      create unique index people_org_id_identity_unique on people (org_id, issuer, subject) where subject is not null;
      create index people_identity on people (issuer, subject) where subject is not null;
      create index people_email on people (email);

      create table sign_ins (
        token_hash bytea primary key,
        sign_in_id text collate "C" not null,
        issuer text not null,
        subject text not null,
        created_at timestamptz not null,
        expires_at timestamptz not null
      );
      create index sign_ins_expires_at on sign_ins (expires_at);

      create table sign_in_attempts (
        state_hash bytea primary key,
        binding_hash bytea not null,
        seed bytea not null,
        return_to text not null,
        expires_at timestamptz not null
      );
      create index sign_in_attempts_expires_at on sign_in_attempts (expires_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table sign_in_attempts, sign_ins, people');
  }
}
