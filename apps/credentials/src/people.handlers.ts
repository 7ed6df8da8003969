import { Controller } from '@nestjs/common';
import { credentials } from '@patchbay/contracts/credentials';
import type { InputOf } from '@patchbay/contracts/define';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import { Handles } from '@patchbay/service-kit/messaging/handles';
import { DataSource } from 'typeorm';
import { PersonRepository, personView } from './outside/person.repository.ts';
import { ChangeRole } from './use-cases/change-role.ts';
import { InvitePerson } from './use-cases/invite-person.ts';
import { RemovePerson } from './use-cases/remove-person.ts';

/** People of an organization. */
@Controller()
export class PeopleHandlers {
  constructor(
    private readonly invitePerson: InvitePerson,
    private readonly changeRole: ChangeRole,
    private readonly removePerson: RemovePerson,
    private readonly people: PersonRepository,
    private readonly source: DataSource,
  ) {}

  @Handles(credentials.invitePerson)
  invited(input: InputOf<typeof credentials.invitePerson>) {
    return this.invitePerson.run(input);
  }

  @Handles(credentials.listPeople)
  async allPeople({ organizationId }: InputOf<typeof credentials.listPeople>) {
    const rows = await inOrganization(this.source, organizationId, (tx) => this.people.list(tx, organizationId));
    return { people: rows.map(personView) };
  }

  @Handles(credentials.changeRole)
  withRole(input: InputOf<typeof credentials.changeRole>) {
    return this.changeRole.run(input);
  }

  @Handles(credentials.removePerson)
  removed(input: InputOf<typeof credentials.removePerson>) {
    return this.removePerson.run(input);
  }
}
