import { Injectable } from '@nestjs/common';
import type { Person } from '@patchbay/contracts/access';
import type { credentials } from '@patchbay/contracts/credentials';
import type { InputOf } from '@patchbay/contracts/define';
import { ROLE_PERMISSIONS } from '@patchbay/contracts/permissions';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import { newId } from '@patchbay/service-kit/identity/new-id';
import { DataSource } from 'typeorm';
import { normalizedEmail } from '../domain/people.ts';
import { AuditLog } from '../outside/audit.repository.ts';
import { CallerPermissions } from '../outside/caller-permissions.ts';
import { OrganizationRepository } from '../outside/organization.repository.ts';
import { invitedPerson, PersonRepository, personView } from '../outside/person.repository.ts';

/** Whoever signs in with this address, verified, is in the organization with the role; nobody may give a role above their own. */
@Injectable()
export class InvitePerson {
  constructor(
    private readonly source: DataSource,
    private readonly organizations: OrganizationRepository,
    private readonly people: PersonRepository,
    private readonly caller: CallerPermissions,
    private readonly audit: AuditLog,
  ) {}

  async run({ organizationId, email: asked, role }: InputOf<typeof credentials.invitePerson>): Promise<Person> {
    const email = normalizedEmail(asked);
    const row = invitedPerson(organizationId, newId('person'), { email, role }, new Date());
    const after = personView(row);
    await inOrganization(this.source, organizationId, async (tx) => {
      await this.organizations.lock(tx, organizationId);
      await this.caller.requireAll(tx, organizationId, ROLE_PERMISSIONS[role]);
      await this.people.insert(tx, row);
      await this.audit.append(tx, organizationId, { action: 'person.invited', object: { kind: 'person', id: row.person_id, name: email }, after });
    });
    return after;
  }
}
