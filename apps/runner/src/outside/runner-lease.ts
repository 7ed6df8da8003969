import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { newId } from '@patchbay/service-kit/identity/new-id';
import { KIT_LOGGER } from '@patchbay/service-kit/telemetry/logger';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { RunnerRepository } from './runner.repository.ts';

/** How long a runner that says nothing counts as alive; what it had is settled by the others after that. */
export const LEASE_MS = 6_000;
/** A third, so that two renewals may fail. */
const RENEW_MS = 2_000;
/** Where the word of the database is older than this, nothing more is sent: another runner may be about to settle what we have. */
const TRUSTED_MS = LEASE_MS - 1_000;

/** The right of this process to act on its intents. Granted by the database's clock, counted here by the monotonic one. */
@Injectable()
export class RunnerLease implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly runnerId = newId('runner');
  /** Grows when a lease that had run out is taken again: what was committed under an earlier one may have been settled by others. */
  term = 0;
  #renewedAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #renewing: Promise<void> = Promise.resolve();

  constructor(
    private readonly source: DataSource,
    private readonly runners: RunnerRepository,
    @Inject(KIT_LOGGER) private readonly logger: Logger,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.renew();
    this.#timer = setInterval(() => {
      this.#renewing = this.renew().catch((err: unknown) => this.logger.warn({ err }, 'the lease of this runner could not be renewed'));
    }, RENEW_MS);
  }

  async renew(): Promise<void> {
    // Counted from before the question: the database's answer may have taken long.
    const askedAt = performance.now();
    await this.runners.renew(this.source.manager, this.runnerId, LEASE_MS);
    if (!this.holds) this.term++;
    this.#renewedAt = askedAt;
  }

  get holds(): boolean {
    return performance.now() - this.#renewedAt < TRUSTED_MS;
  }

  /** Whether what was committed in a term may still be acted on. */
  holdsSince(term: number): boolean {
    return this.holds && this.term === term;
  }

  /** After all that is to be stored is stored: from here on the others settle what has not ended. */
  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    await this.#renewing;
    await this.runners
      .release(this.source.manager, this.runnerId)
      .catch((err: unknown) => this.logger.warn({ err }, 'the lease could not be given back; it runs out by itself'));
  }
}
