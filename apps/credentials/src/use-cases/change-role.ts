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

/** A person gets another role, which counts from their next request on; an organization keeps an owner. */
@Injectable()
export class ChangeRole {
  constructor(
    private readonly source: DataSource,
    private readonly organizations: OrganizationRepository,
    private readonly people: PersonRepository,
    private readonly caller: CallerPermissions,
    private readonly audit: AuditLog,
    private readonly news: AccessNews,
  ) {}

  async run({ organizationId, personId, role }: InputOf<typeof credentials.changeRole>): Promise<Person> {
    const changed = await inOrganization(this.source, organizationId, async (tx) => {
      await this.organizations.lock(tx, organizationId);
      const row = await this.people.get(tx, organizationId, personId);
      await this.caller.requireAll(tx, organizationId, ROLE_PERMISSIONS[role]);
      await this.caller.requireAll(tx, organizationId, ROLE_PERMISSIONS[row.role]);
      if (role !== 'owner') requireOwnerBeside(memberOf(row), (await this.people.list(tx, organizationId)).map(memberOf));
      await this.people.changeRole(tx, row, role);
      const [before, after] = [personView(row), personView({ ...row, role })];
      const object = { kind: 'person', id: personId, name: row.email };
      await this.audit.append(tx, organizationId, { action: 'person.role_changed', object, before, after });
      await this.news.add(tx, organizationId, { kind: 'person', id: personId });
      return after;
    });
    this.news.send();
    return changed;
  }
}
