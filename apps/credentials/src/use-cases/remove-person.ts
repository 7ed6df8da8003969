import { Injectable } from '@nestjs/common';
import type { Person } from '@patchbay/contracts/access';
import type { credentials } from '@patchbay/contracts/credentials';
import type { InputOf } from '@patchbay/contracts/define';
import { ROLE_PERMISSIONS } from '@patchbay/contracts/permissions';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import { DataSource } from 'typeorm';
import { requireOwnerBeside } from '../domain/people.ts';
import { AccessNews } from '../outside/access-news.ts';
import { AuditLog } from '../outside/audit.repository.ts';
import { CallerPermissions } from '../outside/caller-permissions.ts';
import { OrganizationRepository } from '../outside/organization.repository.ts';
import { memberOf, PersonRepository, personView } from '../outside/person.repository.ts';

/**
 * A person leaves the organization. A sign-in speaks only for whom it was made: none of theirs from before does so again, whoever invites
 * them back; in other organizations they stay signed in.
 */
@Injectable()
export class RemovePerson {
  constructor(
    private readonly source: DataSource,
    private readonly organizations: OrganizationRepository,
    private readonly people: PersonRepository,
    private readonly caller: CallerPermissions,
    private readonly audit: AuditLog,
    private readonly news: AccessNews,
  ) {}

  async run({ organizationId, personId }: InputOf<typeof credentials.removePerson>): Promise<Person> {
    const removed = await inOrganization(this.source, organizationId, async (tx) => {
      await this.organizations.lock(tx, organizationId);
      const row = await this.people.get(tx, organizationId, personId);
      await this.caller.requireAll(tx, organizationId, ROLE_PERMISSIONS[row.role]);
      requireOwnerBeside(memberOf(row), (await this.people.list(tx, organizationId)).map(memberOf));
      await this.people.delete(tx, row);
      const before = personView(row);
      await this.audit.append(tx, organizationId, { action: 'person.removed', object: { kind: 'person', id: personId, name: row.email }, before });
      await this.news.add(tx, organizationId, { kind: 'person', id: personId });
      return before;
    });
    this.news.send();
    return removed;
  }
}
