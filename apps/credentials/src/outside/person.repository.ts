import { Injectable } from '@nestjs/common';
import type { Person } from '@patchbay/contracts/access';
import { ServiceError } from '@patchbay/contracts/errors';
import type { Role } from '@patchbay/contracts/permissions';
import { violates, type Transaction } from '@patchbay/service-kit/database/database';
import type { Member } from '../domain/people.ts';
import { PersonTable } from '../tables/person.table.ts';

/** Who somebody is at an identity provider. A subject means something only together with its issuer. */
export interface Identity {
  issuer: string;
  subject: string;
}

@Injectable()
export class PersonRepository {
  async insert(tx: Transaction, row: PersonTable): Promise<void> {
    await tx.insert(PersonTable, row).catch((error: unknown) => {
      if (!violates(error, 'people_org_id_email_unique')) throw error;
      const problem = 'is that of a person of the organization; change their role instead';
      throw ServiceError.fields('conflict', 'This person is in the organization already.', [{ path: 'email', problem }]);
    });
  }

  async find(tx: Transaction, organizationId: string, personId: string): Promise<PersonTable | null> {
    return tx.findOneBy(PersonTable, { org_id: organizationId, person_id: personId });
  }

  async get(tx: Transaction, organizationId: string, personId: string): Promise<PersonTable> {
    const row = await this.find(tx, organizationId, personId);
    if (!row) throw new ServiceError('not_found', `The organization has no person ${personId}.`);
    return row;
  }

  /** In the order they were invited. */
  async list(tx: Transaction, organizationId: string): Promise<PersonTable[]> {
    return tx.find(PersonTable, { where: { org_id: organizationId }, order: { created_at: 'ASC', person_id: 'ASC' } });
  }

  /** An identity in all its organizations, the first joined one first. */
  async listOf(tx: Transaction, { issuer, subject }: Identity): Promise<PersonTable[]> {
    return tx.find(PersonTable, { where: { issuer, subject }, order: { linked_at: 'ASC', created_at: 'ASC', org_id: 'ASC' } });
  }

  /**
   * The identity takes up the invitations of its verified address, once per organization. One issuer is trusted at a time: whoever another
   * one knew is known by their address again.
   */
  async link(tx: Transaction, { issuer, subject }: Identity, email: string, at: Date): Promise<void> {
    await tx.query(
      `update people p set issuer = $1, subject = $2, linked_at = $4
       where email = $3 and (issuer is null or issuer <> $1)
         and not exists (select 1 from people known where known.org_id = p.org_id and known.issuer = $1 and known.subject = $2)`,
      [issuer, subject, email, at],
    );
  }

  async markSignedIn(tx: Transaction, { org_id, person_id }: PersonTable, name: string | null, at: Date): Promise<void> {
    await tx.update(PersonTable, { org_id, person_id }, { last_sign_in_at: at, ...(name ? { name } : {}) });
  }

  async changeRole(tx: Transaction, { org_id, person_id }: PersonTable, role: Role): Promise<void> {
    await tx.update(PersonTable, { org_id, person_id }, { role });
  }

  async delete(tx: Transaction, { org_id, person_id }: PersonTable): Promise<void> {
    await tx.delete(PersonTable, { org_id, person_id });
  }
}

export function memberOf({ person_id, role, linked_at }: PersonTable): Member {
  return { personId: person_id, role, hasSignedIn: linked_at !== null };
}

export function personView({ person_id, email, name, role, last_sign_in_at, created_at }: PersonTable): Person {
  return { personId: person_id, email, name, role, lastSignInAt: last_sign_in_at?.toISOString() ?? null, createdAt: created_at.toISOString() };
}

/** Somebody who may sign in and has not yet. */
export function invitedPerson(organizationId: string, personId: string, { email, role }: { email: string; role: Role }, now: Date): PersonTable {
  return {
    org_id: organizationId,
    person_id: personId,
    email,
    role,
    name: null,
    issuer: null,
    subject: null,
    linked_at: null,
    last_sign_in_at: null,
    created_at: now,
  };
}
