import { Injectable } from '@nestjs/common';
import type { ApiCaller } from '@patchbay/contracts/access';
import { ServiceError } from '@patchbay/contracts/errors';
import { acrossOrganizations } from '@patchbay/service-kit/database/organization';
import { DataSource } from 'typeorm';
import { isActive, roleOf } from '../domain/api-key.ts';
import { isSameKey, type ShownApiKey } from './api-key.ts';
import { apiKeyState, ApiKeyRepository } from './api-key.repository.ts';
import { LastUse } from './last-use.ts';

/** Malformed, unknown, wrong, expired and revoked keys are refused with the same words: they tell a guesser nothing. */
@Injectable()
export class CallerOfKey {
  constructor(
    private readonly source: DataSource,
    private readonly apiKeys: ApiKeyRepository,
    private readonly lastUse: LastUse,
  ) {}

  /** `shown`: null when it does not even have the form of a key. */
  async get(shown: ShownApiKey | null, asked: string | undefined): Promise<ApiCaller> {
    const now = new Date();
    const known = shown && (await acrossOrganizations(this.source, (tx) => this.apiKeys.find(tx, shown.apiKeyId)));
    if (!known || !isSameKey(known.hash, shown.hash) || !isActive(apiKeyState(known), now))
      throw new ServiceError('unauthenticated', 'The API key is not valid.');
    const { org_id: organizationId, api_key_id: apiKeyId, name, permissions } = known;
    if (asked !== undefined && asked !== organizationId) throw new ServiceError('forbidden', 'This API key belongs to another organization.');
    this.lastUse.note(known, now);
    return { organizationId, apiKeyId, role: roleOf(permissions), personId: null, name, permissions };
  }
}
