import { OUTBOX_SQL } from '@patchbay/service-kit/database/outbox';
import { tenantTable } from '@patchbay/service-kit/database/walls';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Gateways are told through the outbox who may do less than before. */
export class Outbox1769100000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`${OUTBOX_SQL} ${tenantTable('outbox')}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table outbox');
  }
}
