import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Connections made before are taken for real accounts: nothing of a test may reach them. */
export class SandboxConnections1764100000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table connections add column sandbox boolean not null default false');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table connections drop column sandbox');
  }
}
