import { Injectable } from '@nestjs/common';
import type { credentials } from '@patchbay/contracts/credentials';
import type { InputOf, ReplyOf } from '@patchbay/contracts/define';
import { ROLE_PERMISSIONS } from '@patchbay/contracts/permissions';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import { newId } from '@patchbay/service-kit/identity/new-id';
import { DataSource } from 'typeorm';
import { apiKeyView, ApiKeyRepository } from '../outside/api-key.repository.ts';
import { AuditLog } from '../outside/audit.repository.ts';
import { apiKeyRow, FIRST_KEY_NAME } from '../outside/new-api-key.ts';
import { OrganizationRepository } from '../outside/organization.repository.ts';
import { randomApiKey } from '../outside/random-secrets.ts';
import { sealedText } from '../outside/sealed-answers.ts';

/** A new organization starts with one key, which may do all that an owner may and is shown this once. */
@Injectable()
export class CreateOrganization {
  constructor(
    private readonly source: DataSource,
    private readonly organizations: OrganizationRepository,
    private readonly apiKeys: ApiKeyRepository,
    private readonly audit: AuditLog,
  ) {}

  async run({ name, sealTo }: InputOf<typeof credentials.createOrganization>): Promise<ReplyOf<typeof credentials.createOrganization>> {
    const organizationId = newId('organization');
    const apiKey = randomApiKey();
    const now = new Date();
    const row = apiKeyRow(organizationId, apiKey, { name: FIRST_KEY_NAME, permissions: ROLE_PERMISSIONS.owner, createdAt: now });
    const view = { organizationId, name, createdAt: now.toISOString() };
    await inOrganization(this.source, organizationId, async (tx) => {
      await this.organizations.insert(tx, { org_id: organizationId, name, created_at: now });
      await this.apiKeys.insert(tx, row);
      await this.audit.append(tx, organizationId, { action: 'organization.created', object: { kind: 'organization', id: organizationId, name }, after: view });
      const object = { kind: 'api_key', id: row.api_key_id, name: row.name };
      await this.audit.append(tx, organizationId, { action: 'api_key.created', object, after: apiKeyView(row) });
    });
    return { ...view, apiKey: await sealedText(apiKey, sealTo) };
  }
}
