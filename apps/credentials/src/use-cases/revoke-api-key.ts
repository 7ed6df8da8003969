import { Injectable } from '@nestjs/common';
import type { ApiKey } from '@patchbay/contracts/access';
import type { credentials } from '@patchbay/contracts/credentials';
import type { InputOf } from '@patchbay/contracts/define';
import { ServiceError } from '@patchbay/contracts/errors';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import { DataSource } from 'typeorm';
import { AccessNews } from '../outside/access-news.ts';
import { apiKeyView, ApiKeyRepository } from '../outside/api-key.repository.ts';
import { AuditLog } from '../outside/audit.repository.ts';
import { OrganizationRepository } from '../outside/organization.repository.ts';

/** An API key ends at once, and for ever. */
@Injectable()
export class RevokeApiKey {
  constructor(
    private readonly source: DataSource,
    private readonly organizations: OrganizationRepository,
    private readonly apiKeys: ApiKeyRepository,
    private readonly audit: AuditLog,
    private readonly news: AccessNews,
  ) {}

  async run({ organizationId, apiKeyId }: InputOf<typeof credentials.revokeApiKey>): Promise<ApiKey> {
    const ended = await inOrganization(this.source, organizationId, async (tx) => {
      await this.organizations.lock(tx, organizationId);
      const row = await this.apiKeys.get(tx, organizationId, apiKeyId);
      if (row.revoked_at) throw new ServiceError('failed_precondition', 'This API key is revoked already.');
      const revoked = { ...row, revoked_at: new Date() };
      await this.apiKeys.end(tx, row, { revoked_at: revoked.revoked_at });
      const [before, after] = [apiKeyView(row), apiKeyView(revoked)];
      await this.audit.append(tx, organizationId, { action: 'api_key.revoked', object: { kind: 'api_key', id: apiKeyId, name: row.name }, before, after });
      await this.news.add(tx, organizationId, { kind: 'api_key', id: apiKeyId });
      return after;
    });
    this.news.send();
    return ended;
  }
}
