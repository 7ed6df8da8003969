import { Controller } from '@nestjs/common';
import { ApiCaller } from '@patchbay/contracts/access';
import { credentials } from '@patchbay/contracts/credentials';
import type { RequestOf } from '@patchbay/contracts/define';
import { Client, type ClientOf } from '@patchbay/service-kit/messaging/client';
import { z } from 'zod';
import { Caller, Input, Route } from '../http/route.ts';
import { SecretEnvelopes } from '../outside/secret-envelopes.ts';

const WHO_AM_I = {
  summary: 'Return whom the request speaks for, and what it may do.',
  input: z.object({}),
  output: ApiCaller,
  errors: [],
};

@Controller()
export class OrganizationsController {
  constructor(
    @Client(credentials) private readonly credentialsClient: ClientOf<typeof credentials>,
    private readonly envelopes: SecretEnvelopes,
  ) {}

  @Route('POST /v1/organizations', credentials.createOrganization, { permission: 'organizations:create' })
  async create(@Input() input: RequestOf<typeof credentials.createOrganization>) {
    return this.envelopes.open('apiKey', await this.credentialsClient.createOrganization({ ...input, ...(await this.envelopes.sealTo()) }));
  }

  @Route('GET /v1/caller', WHO_AM_I, { anyCaller: 'Everyone may know what they may do.' })
  caller(@Caller() caller: ApiCaller) {
    return caller;
  }
}
