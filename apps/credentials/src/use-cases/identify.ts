import { Injectable } from '@nestjs/common';
import type { ApiCaller, credentials } from '@patchbay/contracts/credentials';
import type { InputOf } from '@patchbay/contracts/define';
import { ServiceError } from '@patchbay/contracts/errors';
import { DataSource } from 'typeorm';
import { isSameKey, parseApiKey } from '../outside/api-key.ts';
import { ApiKeyRepository } from '../outside/api-key.repository.ts';

/** Whom an API key speaks for. Malformed, unknown and wrong are refused with the same words: they tell a guesser nothing. */
@Injectable()
export class Identify {
  constructor(
    private readonly source: DataSource,
    private readonly apiKeys: ApiKeyRepository,
  ) {}

  async run({ apiKey }: InputOf<typeof credentials.identify>): Promise<ApiCaller> {
    const shown = parseApiKey(apiKey);
    const known = shown && (await this.apiKeys.find(this.source.manager, shown.apiKeyId));
    if (!known || !isSameKey(known.hash, shown.hash))
      throw new ServiceError('unauthenticated', 'The API key is not valid.');
    return { organizationId: known.org_id, apiKeyId: known.api_key_id, role: known.role };
  }
}
