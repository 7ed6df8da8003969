import { Injectable } from '@nestjs/common';
import type { Transaction } from '@patchbay/service-kit/database/database';
import { z } from 'zod';
import type { OAuthClient } from '../../domain/oauth/oauth-client.ts';
import type { TokensObtained } from '../../domain/connection-health.ts';
import { refreshAt } from '../../domain/oauth/refresh-schedule.ts';
import type { ConnectionRef } from '../connection-sweep.ts';
import type { SecretOwner } from '../keys/envelope.ts';
import { SecretStore } from '../secret-store.ts';
import type { ObtainedTokens } from './token-end-point.ts';
import { refOf, TokenRepository, type LeasedTokens, type TokenFacts } from './token.repository.ts';

/** What is secret of the tokens of a connection. */
const TokenSecrets = z.object({ accessToken: z.string(), refreshToken: z.string().nullable() });
export type TokenSecrets = z.infer<typeof TokenSecrets>;

/** Tokens as they came, and whom they are from and for. */
export interface IssuedTokens extends ObtainedTokens {
  grant: OAuthClient['grant'];
  issuer: string | null;
  resource: string | null;
}

/** The tokens of connections at rest: a row of facts, and the secrets of its version. */
@Injectable()
export class KeptTokens {
  constructor(
    private readonly rows: TokenRepository,
    private readonly secrets: SecretStore,
  ) {}

  /** Whatever there was before. */
  async put(tx: Transaction, ref: ConnectionRef, issued: IssuedTokens): Promise<TokenFacts> {
    const facts = factsOf(issued);
    const version = await this.rows.put(tx, ref, facts);
    await this.#turn(tx, ref, version, issued);
    return facts;
  }

  /** Null when the version has moved on: then these are not kept. */
  async replace(tx: Transaction, ref: ConnectionRef, version: number, issued: IssuedTokens): Promise<TokenFacts | null> {
    const facts = factsOf(issued);
    if (!(await this.rows.replace(tx, ref, version, facts))) return null;
    await this.#turn(tx, ref, version + 1, issued);
    return facts;
  }

  async open(tx: Transaction, ref: ConnectionRef, version: number): Promise<TokenSecrets> {
    return TokenSecrets.parse(JSON.parse(await this.secrets.open(tx, ownerOf(ref, version))));
  }

  async destroy(tx: Transaction, ref: ConnectionRef): Promise<void> {
    const row = await this.rows.find(tx, ref);
    if (!row) return;
    await this.secrets.destroy(tx, ownerOf(ref, row.version));
    await this.rows.delete(tx, ref);
  }

  /** False when they are other tokens by now: those stay. */
  async destroyLeased(tx: Transaction, row: LeasedTokens): Promise<boolean> {
    if (!(await this.rows.deleteLeased(tx, row))) return false;
    await this.secrets.destroy(tx, ownerOf(refOf(row), row.version));
    return true;
  }

  async #turn(tx: Transaction, ref: ConnectionRef, version: number, { accessToken, refreshToken }: TokenSecrets): Promise<void> {
    await this.secrets.put(tx, ownerOf(ref, version), JSON.stringify({ accessToken, refreshToken } satisfies TokenSecrets));
    await this.secrets.destroy(tx, ownerOf(ref, version - 1));
  }
}

function ownerOf(ref: ConnectionRef, version: number): SecretOwner {
  return { ...ref, purpose: 'tokens', version };
}

function factsOf({ grant, refreshToken, issuer, resource, scopes, obtainedAt, expiresAt }: IssuedTokens): TokenFacts {
  const isRefreshable = grant === 'client_credentials' || refreshToken !== null;
  return {
    issuer,
    resource,
    scopes,
    is_refreshable: isRefreshable,
    obtained_at: obtainedAt,
    expires_at: expiresAt,
    // One that ends for good is looked at too, to say in time that it will.
    refresh_at: isRefreshable || expiresAt ? refreshAt({ obtainedAt, expiresAt }, Math.random()) : null,
  };
}

/** For the connection they are of, which shows when they came and when they end. */
export function obtainedOf({ scopes, expires_at, refresh_at }: TokenFacts, { obtainedAt }: ObtainedTokens): TokensObtained {
  return { at: obtainedAt, grantedScopes: scopes, expiresAt: expires_at, nextRefreshAt: refresh_at };
}
