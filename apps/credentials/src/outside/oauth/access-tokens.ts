import { Inject, Injectable } from '@nestjs/common';
import type { Connection } from '@patchbay/contracts/connections';
import { ServiceError } from '@patchbay/contracts/errors';
import type { Transaction } from '@patchbay/service-kit/database/database';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import { KIT_LOGGER } from '@patchbay/service-kit/telemetry/logger';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import type { TokensObtained } from '../../domain/connection-health.ts';
import { requireOAuthClient } from '../../domain/oauth/oauth-client.ts';
import type { ConnectionTokenTable } from '../../tables/connection-token.table.ts';
import type { ConnectionRef } from '../connection-sweep.ts';
import { KeptTokens, obtainedOf, type IssuedTokens } from './kept-tokens.ts';
import { TokenRefresher } from './token-refresher.ts';
import { TokenRepository } from './token.repository.ts';
import { TokenSource } from './token-source.ts';

export interface AccessToken {
  accessToken: string;
  /** Null: the provider did not say. */
  expiresAt: Date | null;
  /** Null: nobody said. */
  scopes: string[] | null;
}

/** A token that ends within this could end under way to the provider. */
const UNDER_WAY_MS = 10_000;
/** A provider that refuses a token younger than this will not like the next one any better. */
const YOUNG_MS = 60_000;

/** The access tokens of connections, for whoever sends a request; a refresh token never leaves. */
@Injectable()
export class AccessTokens {
  constructor(
    private readonly source: DataSource,
    private readonly rows: TokenRepository,
    private readonly kept: KeptTokens,
    private readonly tokenSource: TokenSource,
    private readonly refresher: TokenRefresher,
    @Inject(KIT_LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Waits, at most `deadlineMs`, for the next token when the one there has ended; the refresh itself goes on after that. To be called outside
   * of any transaction, because it needs connections to the database itself. Rejects with `failed_precondition`, or `deadline_exceeded`.
   */
  async ensureFresh(ref: ConnectionRef, deadlineMs: number): Promise<void> {
    const row = await inOrganization(this.source, ref.organizationId, (tx) => this.rows.find(tx, ref));
    if (!row || !endsWithin(row, UNDER_WAY_MS)) return;
    const mayAsk = row.is_refreshable && !row.ended_at && (row.failures === 0 || (row.refresh_at ?? new Date()) <= new Date());
    const refreshed = mayAsk ? await this.#within(ref, deadlineMs) : { problem: row.problem ?? 'The token has ended.' };
    if ('problem' in refreshed && endsWithin(row, 0)) throw new ServiceError('failed_precondition', refreshed.problem);
  }

  /** Null when the account was never connected. Rejects with `failed_precondition` when the token has ended. */
  async current(tx: Transaction, organizationId: string, connectionId: string): Promise<AccessToken | null> {
    const ref = { organizationId, connectionId };
    const row = await this.rows.find(tx, ref);
    if (!row || row.version === 0) return null;
    if (endsWithin(row, 0))
      throw new ServiceError('failed_precondition', row.problem ?? 'The token of this connection has ended; connect the account again.');
    const { accessToken } = await this.kept.open(tx, ref, row.version);
    return { accessToken, expiresAt: row.expires_at, scopes: row.scopes };
  }

  /** A provider refused the token: the next one is fetched at once, unless this one is new itself. */
  async refused(tx: Transaction, ref: ConnectionRef): Promise<void> {
    await this.rows.hasten(tx, ref, new Date(Date.now() - YOUNG_MS));
  }

  /** Asks for tokens by the client's own credentials and keeps nothing: to try a client out before it is stored. Rejects with `TokenFailure`. */
  obtain(ref: ConnectionRef, connection: Pick<Connection, 'kind' | 'settings'>, clientSecret: string | null): Promise<IssuedTokens> {
    const client = { ...requireOAuthClient(connection), clientSecret };
    return this.tokenSource.next(this.tokenSource.exchange(ref), client, null);
  }

  async keep(tx: Transaction, ref: ConnectionRef, issued: IssuedTokens): Promise<TokensObtained> {
    return obtainedOf(await this.kept.put(tx, ref, issued), issued);
  }

  /** For a connection that gets its tokens by itself and was stored without: they are fetched within seconds. */
  begin(tx: Transaction, ref: ConnectionRef): Promise<void> {
    return this.rows.begin(tx, ref);
  }

  async isKept(tx: Transaction, ref: ConnectionRef): Promise<boolean> {
    return (await this.rows.find(tx, ref)) !== null;
  }

  /** For good. */
  destroy(tx: Transaction, ref: ConnectionRef): Promise<void> {
    return this.kept.destroy(tx, ref);
  }

  async #within(ref: ConnectionRef, deadlineMs: number) {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      const error = new ServiceError('deadline_exceeded', 'The provider takes longer to give a new token than this request may take.');
      timer = setTimeout(reject, Math.max(0, deadlineMs), error);
    });
    const refresh = this.refresher.refresh(ref);
    refresh.catch((err: unknown) => this.logger.error({ err, ...ref }, 'a refresh broke off'));
    return Promise.race([refresh, late]).finally(() => clearTimeout(timer));
  }
}

function endsWithin({ version, expires_at }: Pick<ConnectionTokenTable, 'version' | 'expires_at'>, ms: number): boolean {
  return version === 0 || (expires_at !== null && expires_at.getTime() <= Date.now() + ms);
}
