import { Injectable } from '@nestjs/common';
import type { credentials } from '@patchbay/contracts/credentials';
import type { InputOf, ReplyOf } from '@patchbay/contracts/define';
import { newId } from '@patchbay/service-kit/identity/new-id';
import { DataSource } from 'typeorm';
import { requireApiKey } from '../outside/api-key.ts';
import { ApiKeyRepository } from '../outside/api-key.repository.ts';
import { OrganizationRepository } from '../outside/organization.repository.ts';
import { randomApiKey } from '../outside/random-secrets.ts';

/** A new organization starts with one member key, which is shown this once. */
@Injectable()
export class CreateOrganization {
  constructor(
    private readonly source: DataSource,
    private readonly organizations: OrganizationRepository,
    private readonly apiKeys: ApiKeyRepository,
  ) {}

  async run({
    name,
  }: InputOf<typeof credentials.createOrganization>): Promise<ReplyOf<typeof credentials.createOrganization>> {
    const organizationId = newId('organization');
    const apiKey = randomApiKey();
    const { apiKeyId, hash } = requireApiKey(apiKey);
    const now = new Date();
    await this.source.transaction(async (tx) => {
      await this.organizations.insert(tx, { org_id: organizationId, name, created_at: now });
      await this.apiKeys.insert(tx, {
        org_id: organizationId,
        api_key_id: apiKeyId,
        hash,
        role: 'member',
        created_at: now,
      });
    });
    return { organizationId, name, createdAt: now.toISOString(), apiKey };
  }
}
