import { Controller } from '@nestjs/common';
import { credentials } from '@patchbay/contracts/credentials';
import type { InputOf } from '@patchbay/contracts/define';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import { Handles } from '@patchbay/service-kit/messaging/handles';
import { DataSource } from 'typeorm';
import { apiKeyView, ApiKeyRepository } from './outside/api-key.repository.ts';
import { CreateApiKey } from './use-cases/create-api-key.ts';
import { RevokeApiKey } from './use-cases/revoke-api-key.ts';
import { RotateApiKey } from './use-cases/rotate-api-key.ts';

/** API keys of an organization. */
@Controller()
export class ApiKeyHandlers {
  constructor(
    private readonly createApiKey: CreateApiKey,
    private readonly rotateApiKey: RotateApiKey,
    private readonly revokeApiKey: RevokeApiKey,
    private readonly apiKeys: ApiKeyRepository,
    private readonly source: DataSource,
  ) {}

  @Handles(credentials.createApiKey)
  newApiKey(input: InputOf<typeof credentials.createApiKey>) {
    return this.createApiKey.run(input);
  }

  @Handles(credentials.listApiKeys)
  async allApiKeys({ organizationId }: InputOf<typeof credentials.listApiKeys>) {
    const rows = await inOrganization(this.source, organizationId, (tx) => this.apiKeys.list(tx, organizationId));
    return { apiKeys: rows.map(apiKeyView) };
  }

  @Handles(credentials.rotateApiKey)
  replacedApiKey(input: InputOf<typeof credentials.rotateApiKey>) {
    return this.rotateApiKey.run(input);
  }

  @Handles(credentials.revokeApiKey)
  revokedApiKey(input: InputOf<typeof credentials.revokeApiKey>) {
    return this.revokeApiKey.run(input);
  }
}
