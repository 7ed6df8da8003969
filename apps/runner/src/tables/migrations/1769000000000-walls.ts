import { EVERY_TENANT_TABLE, NO_PARTITION_FUNCTIONS, NO_TENANT_TABLE, PARTITION_FUNCTIONS, sharedTable } from '@patchbay/service-kit/database/walls';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** From here on PostgreSQL itself keeps the organizations apart. The leases of runners are nobody's. */
export class Walls1769000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`${EVERY_TENANT_TABLE} ${sharedTable('runners')} ${PARTITION_FUNCTIONS}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`${NO_PARTITION_FUNCTIONS} ${NO_TENANT_TABLE}`);
  }
}
