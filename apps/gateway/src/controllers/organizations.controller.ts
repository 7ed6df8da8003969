import { Controller } from '@nestjs/common';
import { ApiCaller } from '@patchbay/contracts/access';
import { credentials } from '@patchbay/contracts/credentials';
import type { RequestOf } from '@patchbay/contracts/define';
import { Client, type ClientOf } from '@patchbay/service-kit/messaging/client';
import { z } from 'zod';
import { Caller, Input, Route } from '../http/route.ts';

const WHO_AM_I = {
  summary: 'Return whom the request speaks for, and what it may do.',
  input: z.object({}),
  output: ApiCaller,
  errors: [],
};

@Controller()
export class OrganizationsController {
  constructor(@Client(credentials) private readonly credentialsClient: ClientOf<typeof credentials>) {}

  @Route('POST /v1/organizations', credentials.createOrganization, { permission: 'organizations:create' })
  create(@Input() input: RequestOf<typeof credentials.createOrganization>) {
    return this.credentialsClient.createOrganization(input);
  }

  @Route('GET /v1/caller', WHO_AM_I, { anyCaller: 'Everyone may know what they may do.' })
  caller(@Caller() caller: ApiCaller) {
    return caller;
  }
}
