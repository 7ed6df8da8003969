import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { WORKERS } from '@patchbay/service-kit/database/database';
import { KIT_LOGGER } from '@patchbay/service-kit/telemetry/logger';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { refused } from '../domain/verdict.ts';
import { RunnerRepository } from '../outside/runner.repository.ts';

/** A dead runner is noticed within a lease and two of these. */
const TICK_MS = 1_000;

/** Settles what dead runners left: a write that was in the ledger may have been sent, so it is `unknown` and will be verified. */
@Injectable()
export class SweepDeadRunners implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #timer: NodeJS.Timeout | undefined;
  #sweeping: Promise<unknown> = Promise.resolve();

  constructor(
    @Inject(WORKERS) private readonly workers: DataSource,
    private readonly runners: RunnerRepository,
    @Inject(KIT_LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.#plan();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#sweeping;
  }

  #plan(): void {
    this.#timer = setTimeout(() => {
      this.#sweeping = this.sweep()
        .catch((err: unknown) => this.logger.warn({ err }, 'dead runners could not be swept; the next round tries again'))
        .finally(() => this.#timer && this.#plan());
    }, TICK_MS);
  }

  /** The number of writes that were settled. */
  async sweep(): Promise<number> {
    return this.workers.transaction(async (tx) => {
      const dead = await this.runners.lockDead(tx);
      if (dead.length === 0) return 0;
      const verdict = refused('unknown', 'unknown_outcome', 'The runner stopped while it was under way; whether it happened is not known.', {
        hint: 'Say that you could not confirm it yet. Do not say that it is done, nor that it failed.',
      });
      const settled = await this.runners.settleOrphans(tx, dead, verdict);
      await this.runners.noteSwept(tx, dead);
      if (settled.length > 0) this.logger.warn({ runners: dead, settled: settled.length }, 'settled the writes of dead runners as unknown');
      return settled.length;
    });
  }
}
