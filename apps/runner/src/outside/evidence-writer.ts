import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { isDataError } from '@patchbay/service-kit/database/database';
import { KIT_LOGGER } from '@patchbay/service-kit/telemetry/logger';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import type { Verdict } from '../domain/verdict.ts';
import type { Invocation } from '../pipeline/invocation.ts';
import { BatchWriter } from './batch-writer.ts';
import { attemptRows, toRow, type AttemptRow, type InvocationRow } from './invocation-rows.ts';
import { InvocationRepository } from './invocation.repository.ts';
import { RunningInvocations } from './running-invocations.ts';

interface Finished {
  row: InvocationRow;
  attempts: AttemptRow[];
}

const WRITE_BEHIND_MS = 20;
const MAX_ITEMS = 256;
/** Finished invocations that may wait for a database that is away; beyond it evidence is lost, and counted. */
const MAX_WAITING = 20_000;
const RETRY_MS = 250;

/** The record of invocations: intents at once, outcomes of writes at once, everything about reads in batches behind the reply. */
@Injectable()
export class EvidenceWriter implements BeforeApplicationShutdown {
  readonly #intents: BatchWriter<InvocationRow>;
  readonly #settlements: BatchWriter<Finished>;
  readonly #reads: BatchWriter<Finished>;
  #waiting = 0;
  #stopping = false;
  /** Finished invocations whose evidence could not be kept, since the start of the process. */
  lost = 0;

  constructor(
    source: DataSource,
    repository: InvocationRepository,
    private readonly running: RunningInvocations,
    @Inject(KIT_LOGGER) private readonly logger: Logger,
  ) {
    const now = { lingerMs: 0, maxItems: MAX_ITEMS, isolates: isDataError };
    const behind = { lingerMs: WRITE_BEHIND_MS, maxItems: MAX_ITEMS, isolates: isDataError };
    const unzip = (items: Finished[]) => [items.map(({ row }) => row), items.flatMap(({ attempts }) => attempts)] as const;
    this.#intents = new BatchWriter((rows) => repository.begin(source.manager, rows), now);
    this.#settlements = new BatchWriter((items) => repository.settle(source.manager, ...unzip(items)), now);
    this.#reads = new BatchWriter((items) => repository.insertFinished(source.manager, ...unzip(items)), behind);
  }

  /** Commits the intent of a write; rejects when it cannot be, and then nothing may be sent. */
  begin(invocation: Invocation): Promise<void> {
    return this.#intents.add(toRow(invocation, null));
  }

  /** Stores how it ended. Never rejects: a database that is away is waited for, and what is lost in the end is counted. */
  async finish(invocation: Invocation, verdict: Verdict): Promise<void> {
    const finished = { row: toRow(invocation, verdict), attempts: attemptRows(invocation) };
    const writer = invocation.committed ? this.#settlements : this.#reads;
    this.#waiting++;
    try {
      await this.#store(writer, finished);
    } finally {
      this.#waiting--;
      this.running.remove(invocation);
    }
  }

  async #store(writer: BatchWriter<Finished>, finished: Finished): Promise<void> {
    for (;;) {
      try {
        await writer.add(finished);
        return;
      } catch (err) {
        if (this.#stopping || this.#waiting > MAX_WAITING || isDataError(err)) {
          this.lost++;
          this.logger.error({ err, invocationId: finished.row.invocation_id, lost: this.lost }, 'evidence was lost');
          return;
        }
        this.logger.warn({ err }, 'evidence could not be stored; trying again');
        await delay(RETRY_MS);
      }
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stopping = true;
    await Promise.all([this.#intents.flush(), this.#settlements.flush(), this.#reads.flush()]);
  }
}
