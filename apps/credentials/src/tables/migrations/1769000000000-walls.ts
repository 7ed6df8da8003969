import {
  appendOnlyTable,
  EVERY_TENANT_TABLE,
  NO_PARTITION_FUNCTIONS,
  NO_TENANT_TABLE,
  PARTITION_FUNCTIONS,
  sharedTable,
} from '@patchbay/service-kit/database/walls';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** From here on PostgreSQL itself keeps the organizations apart. Who signs in belongs to none until that is done. */
export class Walls1769000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`${EVERY_TENANT_TABLE} ${sharedTable('sign_ins')} ${sharedTable('sign_in_attempts')}`);
    await runner.query(`${appendOnlyTable('audit_entries')} ${PARTITION_FUNCTIONS}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`${NO_PARTITION_FUNCTIONS} ${NO_TENANT_TABLE}`);
  }
}
