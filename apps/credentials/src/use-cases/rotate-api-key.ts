import { Injectable } from '@nestjs/common';
import type { credentials } from '@patchbay/contracts/credentials';
import type { InputOf, ReplyOf } from '@patchbay/contracts/define';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import { DataSource } from 'typeorm';
import { rotation } from '../domain/api-key.ts';
import { AccessNews } from '../outside/access-news.ts';
import { apiKeyState, apiKeyView, ApiKeyRepository } from '../outside/api-key.repository.ts';
import { AuditLog } from '../outside/audit.repository.ts';
import { CallerPermissions } from '../outside/caller-permissions.ts';
import { apiKeyRow } from '../outside/new-api-key.ts';
import { OrganizationRepository } from '../outside/organization.repository.ts';
import { randomApiKey } from '../outside/random-secrets.ts';
import { sealedText } from '../outside/sealed-answers.ts';

/** A second key of the same name and permissions; the first works until the overlap ends, so that its users can change over. */
@Injectable()
export class RotateApiKey {
  constructor(
    private readonly source: DataSource,
    private readonly organizations: OrganizationRepository,
    private readonly apiKeys: ApiKeyRepository,
    private readonly caller: CallerPermissions,
    private readonly audit: AuditLog,
    private readonly news: AccessNews,
  ) {}

  async run({ organizationId, apiKeyId, sealTo, ...asked }: InputOf<typeof credentials.rotateApiKey>): Promise<ReplyOf<typeof credentials.rotateApiKey>> {
    const apiKey = randomApiKey();
    const now = new Date();
    const made = await inOrganization(this.source, organizationId, async (tx) => {
      await this.organizations.lock(tx, organizationId);
      const old = await this.apiKeys.get(tx, organizationId, apiKeyId);
      const { name, permissions } = old;
      await this.caller.requireAll(tx, organizationId, permissions);
      const sameName = await this.apiKeys.listNamed(tx, organizationId, name);
      const { expiresAt, oldEndsAt } = rotation(apiKeyState(old), sameName.map(apiKeyState), asked, now);
      const row = apiKeyRow(organizationId, apiKey, { name, permissions, createdAt: now, expiresAt, replaces: apiKeyId });
      const view = apiKeyView(row);
      await this.apiKeys.end(tx, old, { expires_at: oldEndsAt });
      await this.apiKeys.insert(tx, row);
      await this.audit.append(tx, organizationId, {
        action: 'api_key.rotated',
        object: { kind: 'api_key', id: row.api_key_id, name },
        before: apiKeyView(old),
        after: view,
      });
      await this.news.add(tx, organizationId, { kind: 'api_key', id: apiKeyId });
      return view;
    });
    this.news.send();
    return { ...made, apiKey: await sealedText(apiKey, sealTo) };
  }
}
