import { Injectable } from '@nestjs/common';
import { ServiceError } from '@patchbay/contracts/errors';
import { violates, type Transaction } from '@patchbay/service-kit/database/database';
import { OrganizationTable } from '../tables/organization.table.ts';

/** Any number that no other advisory lock of this database has. */
const FIRST_ORGANIZATION_LOCK = 72_005;

@Injectable()
export class OrganizationRepository {
  async insert(tx: Transaction, row: OrganizationTable): Promise<void> {
    await tx.insert(OrganizationTable, row).catch((error: unknown) => {
      if (!violates(error, 'organizations_name_unique')) throw error;
      throw ServiceError.fields('conflict', 'An organization with this name exists already.', [
        { path: 'name', problem: 'is taken' },
      ]);
    });
  }

  /** Held until the transaction ends: of several instances that start at once, one makes the first organization. */
  async lockFirst(tx: Transaction): Promise<void> {
    await tx.query('select pg_advisory_xact_lock($1)', [FIRST_ORGANIZATION_LOCK]);
  }

  /** Held until the transaction ends: changes that look at an organization's other keys or people happen one after the other. */
  async lock(tx: Transaction, organizationId: string): Promise<void> {
    const found: unknown[] = await tx.query('select 1 from organizations where org_id = $1 for no key update', [organizationId]);
    if (found.length === 0) throw new ServiceError('not_found', `There is no organization ${organizationId}.`);
  }

  async findNamed(tx: Transaction, name: string): Promise<OrganizationTable | null> {
    return tx.findOneBy(OrganizationTable, { name });
  }

  async hasAny(tx: Transaction): Promise<boolean> {
    return tx.existsBy(OrganizationTable, {});
  }
}
