import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { ServiceError } from '@patchbay/contracts/errors';
import type { Transaction } from '@patchbay/service-kit/database/database';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import { KIT_LOGGER } from '@patchbay/service-kit/telemetry/logger';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { oauthClientOf } from '../../domain/oauth/oauth-client.ts';
import type { Revocation } from '../../domain/oauth/revocation.ts';
import type { StoredConnection } from '../../domain/connection.ts';
import type { ConnectionTokenTable } from '../../tables/connection-token.table.ts';
import type { ConnectionRef } from '../connection-sweep.ts';
import { AuthorizationServers } from './authorization-servers.ts';
import { KeptTokens, type TokenSecrets } from './kept-tokens.ts';
import { RevocationEndPoint } from './revocation-end-point.ts';
import { TokenFailure } from './token-failure.ts';
import { refOf, TokenRepository, type LeasedTokens } from './token.repository.ts';
import { TokenSource, type ArmedClient } from './token-source.ts';

/** What it takes to give a grant back at its provider. */
export interface HeldGrant {
  ref: ConnectionRef;
  client: ArmedClient;
  issuer: string | null;
  tokens: TokenSecrets;
}

/** A refresh takes a few hundred milliseconds; one that takes longer waits for its provider, and so would whoever asks here. */
const LEASE_WAIT_MS = 5_000;
const POLL_MS = 100;

/** What people granted at providers: given back there, and destroyed here. */
@Injectable()
export class AccountGrants {
  constructor(
    private readonly source: DataSource,
    private readonly rows: TokenRepository,
    private readonly kept: KeptTokens,
    private readonly tokenSource: TokenSource,
    private readonly servers: AuthorizationServers,
    private readonly endPoint: RevocationEndPoint,
    @Inject(KIT_LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * The tokens of a connection, which nobody else refreshes until they are released or destroyed. Rejects `failed_precondition` when there are
   * none, `unavailable` when their refresh takes too long.
   */
  async lease(ref: ConnectionRef): Promise<LeasedTokens> {
    for (const endsAt = performance.now() + LEASE_WAIT_MS; performance.now() < endsAt; await delay(POLL_MS)) {
      const lease = await this.#in(ref, async (tx) => {
        const row = await this.rows.find(tx, ref);
        if (!row) throw new ServiceError('failed_precondition', 'No account is connected; there is nothing to revoke.');
        return this.rows.claim(tx, ref, row.version);
      });
      if (lease) return lease;
    }
    throw new ServiceError('unavailable', 'The tokens of this connection are being refreshed; nothing was revoked. Ask again in a moment.');
  }

  /** Asks the provider. Rejects with the tokens released and nothing lost: `unavailable` when it may work the next time, else `failed_precondition`. */
  async giveBack(lease: LeasedTokens): Promise<Revocation> {
    try {
      return await this.#tell(await this.#in(refOf(lease), (tx) => this.#hold(tx, lease)));
    } catch (error) {
      await this.#in(refOf(lease), (tx) => this.rows.release(tx, lease));
      throw error instanceof TokenFailure ? refusal(error) : error;
    }
  }

  /** False when the account was connected anew meanwhile: those tokens stay. */
  destroy(tx: Transaction, lease: LeasedTokens): Promise<boolean> {
    return this.kept.destroyLeased(tx, lease);
  }

  /** What a connection that is about to be destroyed could still give back; null where nobody granted anything, or it cannot be read any more. */
  async lastHeld(tx: Transaction, connection: StoredConnection): Promise<HeldGrant | null> {
    if (oauthClientOf(connection)?.grant !== 'authorization_code') return null;
    const row = await this.rows.find(tx, connection);
    if (!row) return null;
    return this.#hold(tx, row).catch((err: unknown) => {
      this.logger.warn({ err, ...refOf(row) }, 'what was granted to a deleted connection cannot be given back at its provider');
      return null;
    });
  }

  /** Never rejects: the tokens are destroyed here already, and what the provider makes of it is in the log. */
  async tryGiveBack({ ref, ...held }: HeldGrant): Promise<void> {
    try {
      this.logger.info({ ...ref, revocation: await this.#tell({ ref, ...held }) }, 'what was granted to a deleted connection was given back');
    } catch (err) {
      this.logger.warn({ err, ...ref }, 'what was granted to a deleted connection could not be given back at its provider');
    }
  }

  async #hold(tx: Transaction, row: ConnectionTokenTable): Promise<HeldGrant> {
    const ref = refOf(row);
    return { ref, client: await this.tokenSource.client(tx, ref), issuer: row.issuer, tokens: await this.kept.open(tx, ref, row.version) };
  }

  async #tell({ ref, client, issuer, tokens }: HeldGrant): Promise<Revocation> {
    const exchange = this.tokenSource.exchange(ref);
    const server = await this.servers.findForRevocation(exchange, client, issuer);
    return server ? this.endPoint.revoke(exchange, server, client, tokens) : 'nobody_to_tell';
  }

  #in<T>({ organizationId }: ConnectionRef, work: (tx: Transaction) => Promise<T>): Promise<T> {
    return inOrganization(this.source, organizationId, work);
  }
}

function refusal({ problem: { text, fault } }: TokenFailure): ServiceError {
  const [code, way] = fault === 'provider' ? (['unavailable', 'ask again'] as const) : (['failed_precondition', 'mend that and ask again'] as const);
  return new ServiceError(code, `${text} It may still be granted there; nothing is lost here, so ${way}.`);
}
