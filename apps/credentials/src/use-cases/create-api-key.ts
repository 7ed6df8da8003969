import { Injectable } from '@nestjs/common';
import type { credentials } from '@patchbay/contracts/credentials';
import type { InputOf, ReplyOf } from '@patchbay/contracts/define';
import { ServiceError } from '@patchbay/contracts/errors';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import { DataSource } from 'typeorm';
import { expiryAfter, isActive } from '../domain/api-key.ts';
import { apiKeyState, apiKeyView, ApiKeyRepository } from '../outside/api-key.repository.ts';
import { AuditLog } from '../outside/audit.repository.ts';
import { CallerPermissions } from '../outside/caller-permissions.ts';
import { apiKeyRow } from '../outside/new-api-key.ts';
import { OrganizationRepository } from '../outside/organization.repository.ts';
import { randomApiKey } from '../outside/random-secrets.ts';
import { sealedText } from '../outside/sealed-answers.ts';

/** A key may do what whoever makes it may do, or less. Its text is shown this once. */
@Injectable()
export class CreateApiKey {
  constructor(
    private readonly source: DataSource,
    private readonly organizations: OrganizationRepository,
    private readonly apiKeys: ApiKeyRepository,
    private readonly caller: CallerPermissions,
    private readonly audit: AuditLog,
  ) {}

  async run({
    organizationId,
    name,
    permissions,
    expiresAfterDays,
    sealTo,
  }: InputOf<typeof credentials.createApiKey>): Promise<ReplyOf<typeof credentials.createApiKey>> {
    const apiKey = randomApiKey();
    const now = new Date();
    const row = apiKeyRow(organizationId, apiKey, { name, permissions, createdAt: now, expiresAt: expiryAfter(expiresAfterDays, now) });
    const view = apiKeyView(row);
    await inOrganization(this.source, organizationId, async (tx) => {
      await this.organizations.lock(tx, organizationId);
      await this.caller.requireAll(tx, organizationId, permissions);
      const sameName = await this.apiKeys.listNamed(tx, organizationId, name);
      if (sameName.some((key) => isActive(apiKeyState(key), now))) throw nameTaken();
      await this.apiKeys.insert(tx, row);
      await this.audit.append(tx, organizationId, { action: 'api_key.created', object: { kind: 'api_key', id: row.api_key_id, name }, after: view });
    });
    return { ...view, apiKey: await sealedText(apiKey, sealTo) };
  }
}

function nameTaken(): ServiceError {
  const problem = 'is that of a key that works; rotate that one, or revoke it first';
  return ServiceError.fields('conflict', 'An API key with this name works already.', [{ path: 'name', problem }]);
}
