import { Controller } from '@nestjs/common';
import { ApiCaller, credentials } from '@patchbay/contracts/credentials';
import type { RequestOf } from '@patchbay/contracts/define';
import { Client, type ClientOf } from '@patchbay/service-kit/messaging/client';
import { z } from 'zod';
import { Caller, Input, Route } from '../http/route.ts';

@Controller()
export class OrganizationsController {
  constructor(@Client(credentials) private readonly credentialsClient: ClientOf<typeof credentials>) {}

  @Route('POST /v1/organizations', credentials.createOrganization, { role: 'operator' })
  create(@Input() input: RequestOf<typeof credentials.createOrganization>) {
    return this.credentialsClient.createOrganization(input);
  }

  @Route('GET /v1/caller', { summary: 'Return whom the API key speaks for.', input: z.object({}), output: ApiCaller, errors: [] })
  caller(@Caller() caller: ApiCaller) {
    return caller;
  }
}
