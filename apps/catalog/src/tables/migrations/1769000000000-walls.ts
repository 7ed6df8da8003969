import { OUTBOX_SQL } from '@patchbay/service-kit/database/outbox';
import { EVERY_TENANT_TABLE, NO_PARTITION_FUNCTIONS, NO_TENANT_TABLE, PARTITION_FUNCTIONS } from '@patchbay/service-kit/database/walls';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Changes are told to the log through the outbox. From here on PostgreSQL itself keeps the organizations apart. */
export class Walls1769000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`${OUTBOX_SQL} ${EVERY_TENANT_TABLE} ${PARTITION_FUNCTIONS}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`${NO_PARTITION_FUNCTIONS} ${NO_TENANT_TABLE} drop table outbox`);
  }
}
