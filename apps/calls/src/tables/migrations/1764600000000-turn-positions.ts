import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Where a turn stands in the order of recording, and how often it was reported. A default rather than an identity column: instances
 * of the version before insert without naming it, and partitions inherit identities only since PostgreSQL 17.
 */
export class TurnPositions1764600000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create sequence turn_positions;
      alter table turns
        add column position bigint not null default nextval('turn_positions'),
        add column reports integer not null default 1;
      alter sequence turn_positions owned by turns.position;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table turns drop column position, drop column reports');
  }
}
