import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An edge may have several key pairs while it changes over. `published_at`: when NATS was told that one has ended. */
export class EdgeCredentials1768320000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table edges add column expires_at timestamptz, add column revoked_at timestamptz;

      create table edge_credentials (
        org_id text collate "C" not null,
        edge_id text collate "C" not null,
        public_key text not null,
        minted_at timestamptz not null,
        expires_at timestamptz,
        revoked_at timestamptz,
        published_at timestamptz,
        primary key (org_id, edge_id, public_key),
        foreign key (org_id, edge_id) references edges
      );
      create index edge_credentials_unpublished on edge_credentials (revoked_at) where revoked_at is not null and published_at is null;
      create index edge_credentials_revoked on edge_credentials (revoked_at) where revoked_at is not null;

      insert into edge_credentials (org_id, edge_id, public_key, minted_at) select org_id, edge_id, nats_public_key, created_at from edges;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table edge_credentials; alter table edges drop column expires_at, drop column revoked_at');
  }
}
