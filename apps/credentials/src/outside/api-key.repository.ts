import { Injectable } from '@nestjs/common';
import type { Transaction } from '@patchbay/service-kit/database/database';
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
}
