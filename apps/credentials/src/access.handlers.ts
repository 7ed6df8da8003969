import { Controller } from '@nestjs/common';
import { credentials } from '@patchbay/contracts/credentials';
import type { InputOf } from '@patchbay/contracts/define';
import { Handles } from '@patchbay/service-kit/messaging/handles';
import { CreateOrganization } from './use-cases/create-organization.ts';
import { Identify } from './use-cases/identify.ts';

/** Who may act: organizations, and whom a caller speaks for. */
@Controller()
export class AccessHandlers {
  constructor(
    private readonly createOrganization: CreateOrganization,
    private readonly identify: Identify,
  ) {}

  @Handles(credentials.createOrganization)
  newOrganization(input: InputOf<typeof credentials.createOrganization>) {
    return this.createOrganization.run(input);
  }

  @Handles(credentials.identify)
  caller(input: InputOf<typeof credentials.identify>) {
    return this.identify.run(input);
  }
}
