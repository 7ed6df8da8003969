import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { acrossOrganizations } from '@patchbay/service-kit/database/organization';
import { KIT_LOGGER } from '@patchbay/service-kit/telemetry/logger';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { AccountRevocations } from './account-revocations.ts';
import { EdgeCredentialsRepository } from './edge-credentials.repository.ts';

/** NATS takes some hundred milliseconds; whoever revokes an edge should know it cut off, and not lose the answer over a NATS that is slow. */
const PATIENCE_MS = 2_000;

/** Tells NATS which key pairs of edges have ended, so that it cuts their connections and lets them in no more. */
@Injectable()
export class EdgeRevocations implements BeforeApplicationShutdown {
  readonly #telling = new Set<Promise<void>>();

  constructor(
    private readonly source: DataSource,
    private readonly credentials: EdgeCredentialsRepository,
    private readonly account: AccountRevocations,
    @Inject(KIT_LOGGER) private readonly logger: Logger,
  ) {}

  /** Resolves when NATS holds the whole list; what it was told is marked only then. */
  async publish(now: Date): Promise<void> {
    await acrossOrganizations(this.source, async (tx) => {
      await this.credentials.lockPublishing(tx);
      const revoked = await this.credentials.listRevoked(tx, now);
      await this.account.publish(revoked.map(({ public_key, revoked_at }) => ({ publicKey: public_key, at: revoked_at })));
      await this.credentials.markPublished(tx, now);
    });
  }

  /** The same, but resolves after a short while at the latest, and never rejects: the loop tries until NATS was told. */
  async publishSoon(now: Date): Promise<void> {
    const telling = this.publish(now)
      .catch((err: unknown) => this.logger.error({ err }, 'NATS was not told that an edge is revoked; it will be tried again'))
      .finally(() => this.#telling.delete(telling));
    this.#telling.add(telling);
    const patience = new AbortController();
    // The wait fails only when it is ended here, because nobody needs it any more.
    const waited = delay(PATIENCE_MS, undefined, { signal: patience.signal }).catch(() => undefined);
    await Promise.race([telling, waited]);
    patience.abort();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.#telling);
  }

  async isDue(now: Date): Promise<boolean> {
    return acrossOrganizations(this.source, (tx) => this.credentials.hasUnpublished(tx, now));
  }
}
