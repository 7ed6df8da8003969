import { Injectable } from '@nestjs/common';
import type { ApiKey } from '@patchbay/contracts/access';
import { ServiceError } from '@patchbay/contracts/errors';
import type { Transaction } from '@patchbay/service-kit/database/database';
import type { ApiKeyState } from '../domain/api-key.ts';
import { ApiKeyTable } from '../tables/api-key.table.ts';

@Injectable()
export class ApiKeyRepository {
  async insert(tx: Transaction, row: ApiKeyTable): Promise<void> {
    await tx.insert(ApiKeyTable, row);
  }

  /** The organization is not known yet: it is what the key is asked for. */
  async find(tx: Transaction, apiKeyId: string): Promise<ApiKeyTable | null> {
    return tx.findOneBy(ApiKeyTable, { api_key_id: apiKeyId });
  }

  async findOf(tx: Transaction, organizationId: string, apiKeyId: string): Promise<ApiKeyTable | null> {
    return tx.findOneBy(ApiKeyTable, { org_id: organizationId, api_key_id: apiKeyId });
  }

  async get(tx: Transaction, organizationId: string, apiKeyId: string): Promise<ApiKeyTable> {
    const row = await this.findOf(tx, organizationId, apiKeyId);
    if (!row) throw new ServiceError('not_found', `The organization has no API key ${apiKeyId}.`);
    return row;
  }

  async listNamed(tx: Transaction, organizationId: string, name: string): Promise<ApiKeyTable[]> {
    return tx.findBy(ApiKeyTable, { org_id: organizationId, name });
  }

  /** In the order they were made. */
  async list(tx: Transaction, organizationId: string): Promise<ApiKeyTable[]> {
    return tx.find(ApiKeyTable, { where: { org_id: organizationId }, order: { created_at: 'ASC', api_key_id: 'ASC' } });
  }

  async end(tx: Transaction, { org_id, api_key_id }: ApiKeyTable, change: { expires_at: Date } | { revoked_at: Date }): Promise<void> {
    await tx.update(ApiKeyTable, { org_id, api_key_id }, change);
  }

  async markUsed(tx: Transaction, organizationId: string, apiKeyId: string, at: Date): Promise<void> {
    await tx.update(ApiKeyTable, { org_id: organizationId, api_key_id: apiKeyId }, { last_used_at: at });
  }
}

export function apiKeyState({ api_key_id, name, permissions, created_at, expires_at, revoked_at }: ApiKeyTable): ApiKeyState {
  return { apiKeyId: api_key_id, name, permissions, createdAt: created_at, expiresAt: expires_at, revokedAt: revoked_at };
}

export function apiKeyView(row: ApiKeyTable): ApiKey {
  return {
    apiKeyId: row.api_key_id,
    name: row.name,
    permissions: row.permissions,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at?.toISOString() ?? null,
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
    revokedAt: row.revoked_at?.toISOString() ?? null,
    replaces: row.replaces,
  };
}
