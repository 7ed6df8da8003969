import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { ServiceError } from '@patchbay/contracts/errors';
import type { Transaction } from '@patchbay/service-kit/database/database';
import { acrossOrganizations, inOrganization } from '@patchbay/service-kit/database/organization';
import { KIT_LOGGER } from '@patchbay/service-kit/telemetry/logger';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import type { StoredSpan } from '../domain/span.ts';
import { SpanCounts } from './span-counts.ts';
import { SpanRepository } from './span.repository.ts';

export class WriterLimits {
  constructor(
    /** Spans that wait or are being stored. */
    readonly bufferedSpans: number,
    readonly concurrentInserts: number,
  ) {}
}

/** Stores batches, a few at once; the others wait, and beyond a bound they are refused. Every span is counted. */
@Injectable()
export class SpanWriter implements OnApplicationShutdown {
  #buffered = 0;
  #inserting = 0;
  readonly #waiting: (() => void)[] = [];
  readonly #writes = new Set<Promise<void>>();

  constructor(
    private readonly source: DataSource,
    private readonly spans: SpanRepository,
    private readonly limits: WriterLimits,
    private readonly counts: SpanCounts,
    @Inject(KIT_LOGGER) private readonly logger: Logger,
  ) {}

  isFull(): boolean {
    return this.#buffered >= this.limits.bufferedSpans;
  }

  /**
   * Resolves when the spans are committed; all are the organization's, or null: each says itself whose it is. Rejects with `overloaded` at once when there is no room for more, and with
   * `unavailable` when the database did not store them; the same spans may be sent again after either.
   */
  async write(spans: StoredSpan[], organizationId: string | null): Promise<void> {
    if (spans.length === 0) return;
    if (this.isFull()) {
      this.counts.refuse();
      throw new ServiceError('overloaded', 'Too many spans wait to be stored; send them again later.');
    }
    const write = this.#store(spans, organizationId);
    this.#writes.add(write);
    await write.finally(() => this.#writes.delete(write));
  }

  async #store(spans: StoredSpan[], organizationId: string | null): Promise<void> {
    this.#buffered += spans.length;
    try {
      await this.#insert(spans, organizationId);
      this.counts.add('stored', spans.length);
    } catch (cause) {
      this.counts.add('failed', spans.length);
      this.logger.error(
        { err: cause, spans: spans.length },
        'spans could not be stored; the sender is told to come back',
      );
      throw new ServiceError('unavailable', 'The spans could not be stored; send them again later.', { cause });
    } finally {
      this.#buffered -= spans.length;
    }
  }

  async #insert(spans: StoredSpan[], organizationId: string | null): Promise<void> {
    if (this.#inserting >= this.limits.concurrentInserts)
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#inserting++;
    try {
      const insert = (tx: Transaction) => this.spans.insert(tx, spans);
      await (organizationId ? inOrganization(this.source, organizationId, insert) : acrossOrganizations(this.source, insert));
    } finally {
      // The place is handed over, not freed, so that nobody slips in between.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#inserting--;
    }
  }

  /** What was taken before the server closed is stored before the database is closed. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.allSettled(this.#writes);
  }
}
