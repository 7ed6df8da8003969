import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Rounds } from '@patchbay/service-kit/bootstrap/rounds';
import { acrossOrganizations } from '@patchbay/service-kit/database/organization';
import { KIT_LOGGER } from '@patchbay/service-kit/telemetry/logger';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { PendingAuthorizations } from '../outside/oauth/pending-authorizations.ts';
import { RefreshRecord } from '../outside/oauth/refresh-record.ts';
import { TokenRefresher } from '../outside/oauth/token-refresher.ts';
import { TokenRepository, type LeasedTokens } from '../outside/oauth/token.repository.ts';

/** What a killed process left is taken up this soon after its lease: providers accept a replaced refresh token for some 30 s. */
const EVERY_MS = 1_000;
/** Leased together and worked on at once, because a lease runs. Each waits for its provider and needs the database for milliseconds only. */
const BATCH = 25;

/** Gets the next tokens ahead of time, so that none ends in the middle of a call. Several processes share the work. */
@Injectable()
export class RefreshTokens implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #rounds: Rounds;

  constructor(
    private readonly source: DataSource,
    private readonly tokens: TokenRepository,
    private readonly authorizations: PendingAuthorizations,
    private readonly refresher: TokenRefresher,
    private readonly record: RefreshRecord,
    @Inject(KIT_LOGGER) logger: Logger,
  ) {
    const trouble = 'tokens could not be refreshed; it will be tried again';
    this.#rounds = new Rounds({ everyMs: EVERY_MS, run: () => this.tick(new Date()), logger, trouble });
  }

  onApplicationBootstrap(): void {
    this.#rounds.wake();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#rounds.stop();
  }

  async tick(now: Date): Promise<void> {
    await acrossOrganizations(this.source, (tx) => this.authorizations.destroyExpired(tx, now));
    let rows: LeasedTokens[] = [];
    do {
      const claimedAt = performance.now();
      rows = await acrossOrganizations(this.source, (tx) => this.tokens.claimDue(tx, now, BATCH));
      await Promise.all(rows.map((row) => (row.is_refreshable ? this.refresher.refreshLeased(row, claimedAt) : this.record.tellOfEnd(row, now))));
    } while (rows.length === BATCH && !this.#rounds.isStopped);
  }
}
