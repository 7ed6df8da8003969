import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import { KIT_LOGGER } from '@patchbay/service-kit/telemetry/logger';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import type { ApiKeyTable } from '../tables/api-key.table.ts';
import { ApiKeyRepository } from './api-key.repository.ts';

/** A key in constant use costs one write a minute, and whoever looks wants to know the day. */
const EVERY_MS = 60_000;

/** When API keys were last used; written behind the reply, which does not wait for it. */
@Injectable()
export class LastUse implements BeforeApplicationShutdown {
  readonly #writing = new Map<string, Promise<void>>();

  constructor(
    private readonly source: DataSource,
    private readonly apiKeys: ApiKeyRepository,
    @Inject(KIT_LOGGER) private readonly logger: Logger,
  ) {}

  note({ org_id, api_key_id, last_used_at }: ApiKeyTable, now: Date): void {
    if (last_used_at && now.getTime() - last_used_at.getTime() < EVERY_MS) return;
    if (this.#writing.has(api_key_id)) return;
    const write = inOrganization(this.source, org_id, (tx) => this.apiKeys.markUsed(tx, org_id, api_key_id, now))
      .catch((err: unknown) => this.logger.warn({ err, apiKeyId: api_key_id }, 'the last use of an API key was not written; the next use is'))
      .finally(() => this.#writing.delete(api_key_id));
    this.#writing.set(api_key_id, write);
  }

  /** Resolves when all that was noted is written. */
  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.#writing.values());
  }
}
