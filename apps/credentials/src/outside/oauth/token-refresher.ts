import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { ServiceError } from '@patchbay/contracts/errors';
import type { Transaction } from '@patchbay/service-kit/database/database';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import { KIT_LOGGER } from '@patchbay/service-kit/telemetry/logger';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { problemOfOurs, type TokenProblem } from '../../domain/oauth/token-problem.ts';
import type { ConnectionRef } from '../connection-sweep.ts';
import { KeptTokens, type IssuedTokens } from './kept-tokens.ts';
import { RefreshMetrics } from './refresh-metrics.ts';
import { RefreshRecord } from './refresh-record.ts';
import { TokenFailure } from './token-failure.ts';
import { refOf, TokenRepository, type LeasedTokens } from './token.repository.ts';
import { TokenSource } from './token-source.ts';

/** Whether there are newer tokens now, whoever got them. */
export type Refreshed = { version: number } | { problem: string };

/** Requests that were sent together arrive apart: tokens this young answer all of them. */
const JUST_NOW_MS = 5_000;
/** How often a process looks whether another one is done; an exchange takes a few hundred milliseconds. */
const POLL_MS = 100;
/** New tokens that the database does not take are kept in memory this long: the provider has replaced the old ones already. */
const KEEP_TRYING_MS = 30_000;
const LONGEST_PAUSE_MS = 2_000;

/**
 * Refreshes the tokens of a connection once, however many ask in however many processes: one flight per process, one lease per row. An
 * exchange that has begun is finished and its answer stored, whoever still waits for it.
 */
@Injectable()
export class TokenRefresher implements BeforeApplicationShutdown {
  readonly #flights = new Map<string, Promise<Refreshed>>();
  readonly #running = new Set<Promise<unknown>>();

  constructor(
    private readonly source: DataSource,
    private readonly tokens: TokenRepository,
    private readonly kept: KeptTokens,
    private readonly tokenSource: TokenSource,
    private readonly record: RefreshRecord,
    private readonly metrics: RefreshMetrics,
    @Inject(KIT_LOGGER) private readonly logger: Logger,
  ) {}

  refresh(ref: ConnectionRef): Promise<Refreshed> {
    const key = `${ref.organizationId}:${ref.connectionId}`;
    const known = this.#flights.get(key);
    if (known) return known;
    const flight = this.#track(this.#take(ref)).finally(() => this.#flights.delete(key));
    this.#flights.set(key, flight);
    return flight;
  }

  /** For tokens that this process has a lease of since `claimedAt` (of `performance.now()`). */
  refreshLeased(row: LeasedTokens, claimedAt: number): Promise<Refreshed> {
    return this.#track(this.#exchange(row, claimedAt));
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.allSettled(this.#running);
  }

  #track<T>(work: Promise<T>): Promise<T> {
    const tracked = work.finally(() => this.#running.delete(tracked));
    this.#running.add(tracked);
    return tracked;
  }

  async #take(ref: ConnectionRef): Promise<Refreshed> {
    const before = await this.#find(ref);
    if (!before.is_refreshable) throw new ServiceError('failed_precondition', 'The provider gave no refresh token; connect the account again.');
    if (before.obtained_at && Date.now() - before.obtained_at.getTime() < JUST_NOW_MS) return { version: before.version };
    for (;;) {
      const claimedAt = performance.now();
      const lease = await this.#in(ref, (tx) => this.tokens.claim(tx, ref, before.version));
      if (lease) return this.#exchange(lease, claimedAt);
      const now = await this.#find(ref);
      if (now.version !== before.version) return { version: now.version };
      if (now.failures !== before.failures) return { problem: now.problem ?? '' };
      await delay(POLL_MS);
    }
  }

  async #exchange(row: LeasedTokens, claimedAt: number): Promise<Refreshed> {
    try {
      const issued = await this.#ask(row, claimedAt);
      return await this.#keep(row, issued);
    } catch (error) {
      return this.#fail(row, error instanceof TokenFailure ? error.problem : this.#problemOfOurs(row, error));
    }
  }

  async #ask(row: LeasedTokens, claimedAt: number): Promise<IssuedTokens> {
    const ref = refOf(row);
    const { client, earlier } = await this.#in(ref, async (tx) => ({
      client: await this.tokenSource.client(tx, ref),
      earlier: row.version > 0 ? await this.kept.open(tx, ref, row.version) : null,
    }));
    const { issuer, resource, scopes } = row;
    return this.tokenSource.next(this.tokenSource.exchange(ref, claimedAt), client, earlier && { ...earlier, issuer, resource, scopes });
  }

  async #keep(row: LeasedTokens, issued: IssuedTokens): Promise<Refreshed> {
    const isKept = await this.#persistently(row, () => this.record.keep(row, issued));
    this.metrics.ended(isKept ? 'refreshed' : 'superseded');
    return { version: isKept ? row.version + 1 : (await this.#find(refOf(row))).version };
  }

  /** What failed counts only while nobody else has got newer tokens: an `invalid_grant` may mean just that. */
  async #fail(row: LeasedTokens, problem: TokenProblem): Promise<Refreshed> {
    const text = await this.record.fail(row, problem);
    this.logger.warn({ ...refOf(row), problem: text, terminal: problem.terminal }, 'the tokens of a connection could not be refreshed');
    const { version } = await this.#find(refOf(row));
    if (version !== row.version) {
      this.metrics.ended('superseded');
      return { version };
    }
    this.metrics.ended(problem.terminal ? 'refused' : 'failed');
    return { problem: text };
  }

  #problemOfOurs(row: LeasedTokens, error: unknown): TokenProblem {
    if (error instanceof ServiceError) return problemOfOurs(error.message, 'platform');
    this.logger.error({ err: error, ...refOf(row) }, 'a refresh broke off');
    return { ...problemOfOurs('The tokens could not be refreshed because of a fault on our side.', 'platform'), unsure: true };
  }

  async #persistently<T>(row: LeasedTokens, work: () => Promise<T>): Promise<T> {
    const endsAt = performance.now() + KEEP_TRYING_MS;
    for (let pauseMs = POLL_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
      try {
        return await work();
      } catch (err) {
        if (performance.now() + pauseMs > endsAt) throw err;
        this.logger.warn({ err, ...refOf(row) }, 'new tokens could not be stored; it will be tried again');
        await delay(pauseMs);
      }
    }
  }

  async #find(ref: ConnectionRef) {
    const row = await this.#in(ref, (tx) => this.tokens.find(tx, ref));
    if (!row) throw new ServiceError('failed_precondition', 'This connection has no tokens yet; connect the account first.');
    return row;
  }

  #in<T>({ organizationId }: ConnectionRef, work: (tx: Transaction) => Promise<T>): Promise<T> {
    return inOrganization(this.source, organizationId, work);
  }
}
