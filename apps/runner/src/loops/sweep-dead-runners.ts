import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Rounds } from '@patchbay/service-kit/bootstrap/rounds';
import { WORKERS } from '@patchbay/service-kit/database/database';
import { KIT_LOGGER } from '@patchbay/service-kit/telemetry/logger';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { refused, type Verdict } from '../domain/verdict.ts';
import { CallEvents } from '../outside/call-events.ts';
import { requestOf, toOutcome } from '../outside/invocation-rows.ts';
import { OrphanedPolls } from '../outside/orphaned-polls.ts';
import { PendingRepository } from '../outside/pending.repository.ts';
import { RunnerLease } from '../outside/runner-lease.ts';
import { RunnerMetrics } from '../outside/runner-metrics.ts';
import { RunnerRepository } from '../outside/runner.repository.ts';
import type { InvocationTable } from '../tables/invocation.table.ts';

/** A dead runner is noticed within a lease and two of these. */
const TICK_MS = 1_000;
const NOTHING = { writes: [], reads: [], polls: [] };
const WRITE_LEFT = refused('unknown', 'unknown_outcome', 'The runner stopped while it was under way; whether it happened is not known.', {
  hint: 'Say that you could not confirm it yet. Do not say that it is done, nor that it failed.',
});
const READ_LEFT = refused('failed', 'internal', 'The runner stopped while it was under way. It may be asked again.');

/**
 * Settles what dead runners left: a write that was in the ledger may have been sent, so it is `unknown` and will be verified; a read whose
 * caller was told `pending` has failed. What a provider was asked about is taken over.
 */
@Injectable()
export class SweepDeadRunners implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #rounds: Rounds;

  constructor(
    @Inject(WORKERS) private readonly workers: DataSource,
    private readonly runners: RunnerRepository,
    private readonly lease: RunnerLease,
    private readonly pending: PendingRepository,
    private readonly polls: OrphanedPolls,
    private readonly events: CallEvents,
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

  /** The number of invocations that were settled. */
  async sweep(): Promise<number> {
    const swept = await this.workers.transaction(async (tx) => {
      const dead = await this.runners.lockDead(tx);
      if (dead.length === 0) return NOTHING;
      // One's own lease runs out while the database is away; what goes on here ends here.
      const others = dead.filter((runnerId) => runnerId !== this.lease.runnerId);
      const polls = await this.pending.takePolls(tx, others, this.lease.runnerId);
      const writes = await this.runners.settleOrphans(tx, dead, WRITE_LEFT);
      const reads = await this.pending.settleReads(tx, others, READ_LEFT);
      await this.runners.noteSwept(tx, dead);
      if (writes.length + reads.length + polls.length > 0)
        this.logger.warn({ runners: dead, writes: writes.length, reads: reads.length, polls: polls.length }, 'settled or took over what dead runners had under way');
      return { writes, reads, polls };
    });
    for (const poll of swept.polls) this.polls.follow(poll);
    for (const write of swept.writes) this.#tell(write, WRITE_LEFT, write.was_pending);
    for (const read of swept.reads) this.#tell(read, READ_LEFT, true);
    return swept.writes.length + swept.reads.length;
  }

  /** Only who was told `pending` waits for a result; the others had no answer, and ask again. */
  #tell(orphan: InvocationTable, verdict: Verdict, wasPending: boolean): void {
    this.metrics.settled(orphan.effect, verdict);
    if (wasPending) this.events.result(requestOf(orphan), toOutcome({ ...orphan, sent: 0 }));
  }
}
