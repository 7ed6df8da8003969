import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Connections of before are bound to no address, as are those that a process of the version before makes beside this one. */
export class ConnectionOrigins1769200000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query("alter table connections add column origins text[] not null default '{}'");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table connections drop column origins');
  }
}
