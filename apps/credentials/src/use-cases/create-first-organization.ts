import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { Secret } from '@patchbay/service-kit/config/secret';
import { newId } from '@patchbay/service-kit/identity/new-id';
import { DataSource } from 'typeorm';
import { requireApiKey } from '../outside/api-key.ts';
import { ApiKeyRepository } from '../outside/api-key.repository.ts';
import { OrganizationRepository } from '../outside/organization.repository.ts';

export const FIRST_API_KEY = Symbol('first api key');

/** The first start makes the organization "default" with the operator's key; every later start finds it made. */
@Injectable()
export class CreateFirstOrganization implements OnModuleInit {
  constructor(
    private readonly source: DataSource,
    private readonly organizations: OrganizationRepository,
    private readonly apiKeys: ApiKeyRepository,
    @Inject(FIRST_API_KEY) private readonly firstApiKey: Secret | null,
  ) {}

  async onModuleInit(): Promise<void> {
    if (this.firstApiKey) await this.run(this.firstApiKey);
  }

  async run(apiKey: Secret): Promise<void> {
    const { apiKeyId, hash } = requireApiKey(apiKey.reveal());
    await this.source.transaction(async (tx) => {
      await this.organizations.lockFirst(tx);
      if (await this.organizations.hasAny(tx)) return;
      const made = { org_id: newId('organization'), created_at: new Date() };
      await this.organizations.insert(tx, { ...made, name: 'default' });
      await this.apiKeys.insert(tx, { ...made, api_key_id: apiKeyId, hash, role: 'operator' });
    });
  }
}
