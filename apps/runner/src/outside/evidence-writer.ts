import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { isDataError, WORKERS, type Transaction } from '@patchbay/service-kit/database/database';
import { KIT_LOGGER } from '@patchbay/service-kit/telemetry/logger';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import { DataSource } from 'typeorm';
import type { LedgerEntry } from '../domain/intent.ts';
import type { Verdict } from '../domain/verdict.ts';
import type { Invocation } from '../pipeline/invocation.ts';
import { originsOf } from '../arguments/origins.ts';
import { BatchWriter } from './batch-writer.ts';
import { CallerTurns } from './caller-turns.ts';
import { ConsentRepository } from './consent.repository.ts';
import { attemptRows, toIntentRow, toRow, type IntentRow, type InvocationRow } from './invocation-rows.ts';
import { InvocationRepository } from './invocation.repository.ts';
import { LedgerRepository } from './ledger.repository.ts';
import { RunnerLease } from './runner-lease.ts';
import { RunnerMetrics } from './runner-metrics.ts';
import { Seals } from './seals.ts';
import { RunningInvocations } from './running-invocations.ts';

interface Finished {
  invocation: Invocation;
  verdict: Verdict;
  /** Made when it is first written: for a read that is behind the reply. */
  row?: InvocationRow;
  /** Called when it is on its way to the database, or stored. */
  handedOver: () => void;
}

interface Opening {
  row: IntentRow;
  /** Set by the write: false when the ledger has the intent already. */
  opened: boolean;
}

/** Takes back the use of a yes, in a transaction that came to nothing. */
class NotCommitted extends Error {}

/** PostgreSQL takes a third less time for a row of fifty than for one of twenty. */
const WRITE_BEHIND_MS = 50;
const MAX_ITEMS = 256;
/** A commit takes a few milliseconds; a caller should not wait for two where the disk is slow. */
const PATIENCE_MS = 20;
/** Finished invocations that may wait for a database that is away; beyond it evidence is lost, and counted. */
const MAX_WAITING = 20_000;
const RETRY_MS = 250;

/** The record of invocations: intents at once, outcomes of writes at once, everything about reads in batches behind the reply. */
@Injectable()
export class EvidenceWriter implements BeforeApplicationShutdown {
  readonly #intents: BatchWriter<Opening>;
  readonly #settlements: BatchWriter<Finished>;
  readonly #reads: BatchWriter<Finished>;
  #waiting = 0;
  #stopping = false;

  constructor(
    private readonly source: DataSource,
    @Inject(WORKERS) workers: DataSource,
    repository: InvocationRepository,
    private readonly ledger: LedgerRepository,
    private readonly consents: ConsentRepository,
    private readonly running: RunningInvocations,
    private readonly lease: RunnerLease,
    private readonly seals: Seals,
    private readonly turns: CallerTurns,
    private readonly metrics: RunnerMetrics,
    @Inject(KIT_LOGGER) private readonly logger: Logger,
  ) {
    const now = { lingerMs: 0, maxItems: MAX_ITEMS, patienceMs: PATIENCE_MS, isolates: isDataError };
    const behind = { lingerMs: WRITE_BEHIND_MS, maxItems: MAX_ITEMS, isolates: isDataError };
    const rowsOf = (items: Finished[]) => items.map((item) => (item.row ??= this.#sealedRow(item)));
    const attemptsOf = (items: Finished[]) => items.flatMap(({ invocation }) => attemptRows(invocation));
    this.#intents = new BatchWriter(async (openings) => {
      const opened = await ledger.open(workers.manager, openings.map(({ row }) => row));
      for (const opening of openings) opening.opened = opened.has(opening.row.intent_id);
    }, now);
    this.#settlements = new BatchWriter((items) => {
      const onSent = () => items.forEach(({ handedOver }) => handedOver());
      return repository.sendFinished(workers.manager, rowsOf(items), attemptsOf(items), onSent);
    }, now);
    this.#reads = new BatchWriter(async (items) => {
      await repository.insertFinished(workers.manager, rowsOf(items), attemptsOf(items));
    }, behind);
  }

  /** Commits the intent of a write. False: the ledger has it already. Rejects when it cannot be committed, and then nothing may be sent. */
  async open(invocation: Invocation): Promise<boolean> {
    const opening = { row: toIntentRow(invocation, this.lease.runnerId), opened: false };
    if (invocation.yes) return this.#withYes(invocation, async (tx) => (await this.ledger.open(tx, [opening.row])).size === 1);
    await this.#intents.add(opening);
    return opening.opened;
  }

  /** Hands an intent that came to nothing to this invocation. False: somebody else was first. */
  retake(invocation: Invocation, entry: LedgerEntry): Promise<boolean> {
    const row = toIntentRow(invocation, this.lease.runnerId);
    if (invocation.yes) return this.#withYes(invocation, (tx) => this.ledger.retake(tx, entry, row));
    return inOrganization(this.source, invocation.organizationId, (tx) => this.ledger.retake(tx, entry, row));
  }

  /** One yes commits once: it is used in the transaction that commits the intent. */
  async #withYes(invocation: Invocation, commit: (tx: Transaction) => Promise<boolean>): Promise<boolean> {
    const { yes, intent, organizationId, input } = invocation;
    const scope = { organizationId, sessionId: input.sessionId };
    try {
      return await inOrganization(this.source, organizationId, async (tx) => {
        const used = await this.consents.use(tx, scope, yes!.consent.consentId, yes!.answer, intent!.intentId);
        if (!used || !(await commit(tx))) throw new NotCommitted();
        return true;
      });
    } catch (error) {
      if (error instanceof NotCommitted) return false;
      throw error;
    }
  }

  /**
   * Stores how it ended; `handedOver` is called when it is on its way to the database. Never rejects: a database that is away is waited
   * for, and what is lost in the end is counted.
   */
  async finish(invocation: Invocation, verdict: Verdict, handedOver: () => void): Promise<void> {
    const writer = invocation.committed ? this.#settlements : this.#reads;
    const finished: Finished = { invocation, verdict, handedOver };
    // One by one: the rows of a whole batch made at once would keep the calls of that moment waiting.
    if (!invocation.committed) setImmediate(() => this.#sealAhead(finished));
    this.#waiting++;
    try {
      await this.#store(writer, finished);
    } finally {
      handedOver();
      this.#waiting--;
      this.running.remove(invocation);
    }
  }

  /** An error here has nobody to tell it to, and would end the process; with the batch it is told, and the row made again. */
  #sealAhead(finished: Finished): void {
    try {
      finished.row ??= this.#sealedRow(finished);
    } catch (err) {
      this.logger.warn({ err, invocationId: finished.invocation.invocationId }, 'a record could not be sealed; it is tried again with its batch');
    }
  }

  #sealedRow({ invocation, verdict }: Finished): InvocationRow {
    invocation.origins = this.#originsOf(invocation);
    const row = toRow(invocation, verdict);
    this.seals.seal(row, invocation.attempts);
    return row;
  }

  #originsOf({ organizationId, input, session, arguments: args, origins, normalised, speech, receivedAt }: Invocation): Invocation['origins'] {
    if (!session) return origins;
    const caller = this.turns.of(organizationId, input.sessionId);
    return originsOf({ arguments: args, origins, normalised }, { session, caller, now: receivedAt }, speech);
  }

  async #store(writer: BatchWriter<Finished>, finished: Finished): Promise<void> {
    for (;;) {
      try {
        await writer.add(finished);
        return;
      } catch (err) {
        if (this.#stopping || this.#waiting > MAX_WAITING || isDataError(err)) {
          this.metrics.evidenceLost();
          this.logger.error({ err, invocationId: finished.invocation.invocationId }, 'evidence was lost');
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
