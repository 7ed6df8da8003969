import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Rounds } from '@patchbay/service-kit/bootstrap/rounds';
import { WORKERS } from '@patchbay/service-kit/database/database';
import { KIT_LOGGER } from '@patchbay/service-kit/telemetry/logger';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { refused } from '../domain/verdict.ts';
import { RunnerMetrics } from '../outside/runner-metrics.ts';
import { RunnerRepository } from '../outside/runner.repository.ts';

/** A dead runner is noticed within a lease and two of these. */
const TICK_MS = 1_000;

/** Settles what dead runners left: a write that was in the ledger may have been sent, so it is `unknown` and will be verified. */
@Injectable()
export class SweepDeadRunners implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #rounds: Rounds;

  constructor(
    @Inject(WORKERS) private readonly workers: DataSource,
    private readonly runners: RunnerRepository,
    private readonly metrics: RunnerMetrics,
    @Inject(KIT_LOGGER) private readonly logger: Logger,
  ) {
    this.#rounds = new Rounds({ everyMs: TICK_MS, run: () => this.sweep(), logger, trouble: 'dead runners could not be swept; the next round tries again' });
  }

  onApplicationBootstrap(): void {
    this.#rounds.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#rounds.stop();
  }

  /** The number of writes that were settled. */
  async sweep(): Promise<number> {
    const verdict = refused('unknown', 'unknown_outcome', 'The runner stopped while it was under way; whether it happened is not known.', {
      hint: 'Say that you could not confirm it yet. Do not say that it is done, nor that it failed.',
    });
    const settled = await this.workers.transaction(async (tx) => {
      const dead = await this.runners.lockDead(tx);
      if (dead.length === 0) return [];
      const orphans = await this.runners.settleOrphans(tx, dead, verdict);
      await this.runners.noteSwept(tx, dead);
      if (orphans.length > 0) this.logger.warn({ runners: dead, settled: orphans.length }, 'settled the writes of dead runners as unknown');
      return orphans;
    });
    for (const { effect } of settled) this.metrics.settled(effect, verdict);
    return settled.length;
  }
}
