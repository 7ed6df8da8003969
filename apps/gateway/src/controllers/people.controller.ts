import { Controller } from '@nestjs/common';
import { credentials } from '@patchbay/contracts/credentials';
import type { RequestOf } from '@patchbay/contracts/define';
import { Client, type ClientOf } from '@patchbay/service-kit/messaging/client';
import { Input, Route } from '../http/route.ts';
import { ApiCallers } from '../outside/api-callers.ts';

@Controller()
export class PeopleController {
  constructor(
    @Client(credentials) private readonly credentialsClient: ClientOf<typeof credentials>,
    private readonly callers: ApiCallers,
  ) {}

  @Route('POST /v1/people', credentials.invitePerson, { permission: 'people:write' })
  invite(@Input() input: RequestOf<typeof credentials.invitePerson>) {
    return this.credentialsClient.invitePerson(input);
  }

  @Route('GET /v1/people', credentials.listPeople, { permission: 'people:read' })
  list(@Input() input: RequestOf<typeof credentials.listPeople>) {
    return this.credentialsClient.listPeople(input);
  }

  @Route('PATCH /v1/people/:personId', credentials.changeRole, { permission: 'people:write' })
  async changeRole(@Input() input: RequestOf<typeof credentials.changeRole>) {
    const done = await this.credentialsClient.changeRole(input);
    this.callers.forget({ kind: 'person', id: input.personId });
    return done;
  }

  @Route('DELETE /v1/people/:personId', credentials.removePerson, { permission: 'people:write' })
  async remove(@Input() input: RequestOf<typeof credentials.removePerson>) {
    const done = await this.credentialsClient.removePerson(input);
    this.callers.forget({ kind: 'person', id: input.personId });
    return done;
  }
}
