import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { PERMISSIONS } from '@patchbay/contracts/permissions';
import type { Secret } from '@patchbay/service-kit/config/secret';
import type { Transaction } from '@patchbay/service-kit/database/database';
import { acrossOrganizations } from '@patchbay/service-kit/database/organization';
import { newId } from '@patchbay/service-kit/identity/new-id';
import { DataSource } from 'typeorm';
import { normalizedEmail } from '../domain/people.ts';
import { ApiKeyRepository } from '../outside/api-key.repository.ts';
import { AuditLog } from '../outside/audit.repository.ts';
import { apiKeyRow, FIRST_KEY_NAME } from '../outside/new-api-key.ts';
import { OrganizationRepository } from '../outside/organization.repository.ts';
import { invitedPerson, PersonRepository, personView } from '../outside/person.repository.ts';

export interface FirstAccess {
  apiKey: Secret | null;
  ownerEmail: string | null;
}
export const FIRST_ACCESS = Symbol('first access');
const FIRST_NAME = 'default';

/**
 * The first start makes the organization "default" with the operator's key; every later start finds it made. While it has no owner, the
 * first owner is invited.
 */
@Injectable()
export class CreateFirstOrganization implements OnModuleInit {
  constructor(
    private readonly source: DataSource,
    private readonly organizations: OrganizationRepository,
    private readonly apiKeys: ApiKeyRepository,
    private readonly people: PersonRepository,
    private readonly audit: AuditLog,
    @Inject(FIRST_ACCESS) private readonly first: FirstAccess,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.run(this.first);
  }

  async run({ apiKey, ownerEmail }: FirstAccess): Promise<void> {
    if (!apiKey && !ownerEmail) return;
    await acrossOrganizations(this.source, async (tx) => {
      await this.organizations.lockFirst(tx);
      if (!(await this.organizations.hasAny(tx))) await this.#create(tx, apiKey);
      if (ownerEmail) await this.#inviteOwner(tx, normalizedEmail(ownerEmail));
    });
  }

  async #create(tx: Transaction, apiKey: Secret | null): Promise<void> {
    const [organizationId, now] = [newId('organization'), new Date()];
    await this.organizations.insert(tx, { org_id: organizationId, name: FIRST_NAME, created_at: now });
    if (apiKey) await this.apiKeys.insert(tx, apiKeyRow(organizationId, apiKey.reveal(), { name: FIRST_KEY_NAME, permissions: PERMISSIONS, createdAt: now }));
    const object = { kind: 'organization', id: organizationId, name: FIRST_NAME };
    await this.audit.append(tx, organizationId, { action: 'organization.created', object, after: { organizationId, name: FIRST_NAME } });
  }

  async #inviteOwner(tx: Transaction, email: string): Promise<void> {
    const organization = await this.organizations.findNamed(tx, FIRST_NAME);
    if (!organization) return;
    const people = await this.people.list(tx, organization.org_id);
    if (people.some((person) => person.role === 'owner' || person.email === email)) return;
    const owner = invitedPerson(organization.org_id, newId('person'), { email, role: 'owner' }, new Date());
    await this.people.insert(tx, owner);
    const object = { kind: 'person', id: owner.person_id, name: email };
    await this.audit.append(tx, organization.org_id, { action: 'person.invited', object, after: personView(owner) });
  }
}
