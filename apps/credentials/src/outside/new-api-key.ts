import type { Permission } from '@patchbay/contracts/permissions';
import { roleOf } from '../domain/api-key.ts';
import type { ApiKeyTable } from '../tables/api-key.table.ts';
import { requireApiKey } from './api-key.ts';

/** What the key that comes with an organization is called. */
export const FIRST_KEY_NAME = 'first key';

/** The row of a key that was just made; of its text only the hash goes in. */
export function apiKeyRow(
  organizationId: string,
  apiKey: string,
  made: { name: string; permissions: readonly Permission[]; createdAt: Date; expiresAt?: Date | null; replaces?: string },
): ApiKeyTable {
  const { apiKeyId, hash } = requireApiKey(apiKey);
  return {
    org_id: organizationId,
    api_key_id: apiKeyId,
    hash,
    role: roleOf(made.permissions),
    name: made.name,
    permissions: [...new Set(made.permissions)],
    created_at: made.createdAt,
    expires_at: made.expiresAt ?? null,
    last_used_at: null,
    revoked_at: null,
    replaces: made.replaces ?? null,
  };
}
