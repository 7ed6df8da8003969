import { Injectable } from '@nestjs/common';
import type { ConnectionSecret } from '@patchbay/contracts/connection-kinds';
import { ServiceError } from '@patchbay/contracts/errors';
import type { Transaction } from '@patchbay/service-kit/database/database';
import { isRefreshed, learned } from '../domain/connection-health.ts';
import { secretPartOf } from '../domain/connection-kinds.ts';
import { placedSecret, placedToken, type Placement } from '../domain/connection-placement.ts';
import { secretFrom, storedSecret } from '../domain/connection-secret.ts';
import type { StoredConnection } from '../domain/connection.ts';
import { oauthClientOf } from '../domain/oauth/oauth-client.ts';
import { AccessTokens } from './oauth/access-tokens.ts';
import type { IssuedTokens } from './oauth/kept-tokens.ts';
import { SecretStore } from './secret-store.ts';

/** A credential as one request carries it, and until when; null: nobody knows, or for good. */
export type Credential = Placement & { expiresAt: Date | null };

/** The secrets of a connection by their versions, and what they look like in a request. */
@Injectable()
export class ConnectionCredentials {
  constructor(
    private readonly secrets: SecretStore,
    private readonly tokens: AccessTokens,
  ) {}

  /** Fetches the next access token when the one there has ended. To be called outside of any transaction. */
  async ensureFresh(connection: StoredConnection, deadlineMs: number): Promise<void> {
    if (isRefreshed(connection)) await this.tokens.ensureFresh(connection, deadlineMs);
  }

  /** Rejects with `failed_precondition` when it cannot be read, or there is no token. */
  async current(tx: Transaction, connection: StoredConnection): Promise<Credential> {
    if (!isRefreshed(connection)) return { ...(await this.ofVersion(tx, connection, connection.version)), expiresAt: null };
    const token = await this.tokens.current(tx, connection.organizationId, connection.connectionId);
    if (!token) throw new ServiceError('failed_precondition', 'This connection has no access token yet; connect the account first.');
    return { ...placedToken(connection, token.accessToken), expiresAt: token.expiresAt };
  }

  async ofVersion(tx: Transaction, connection: StoredConnection, version: number): Promise<Placement> {
    if (secretPartOf(connection) === null) return placedSecret(connection, {});
    const stored = await this.secrets.open(tx, ownerOf(connection, version));
    return placedSecret(connection, secretFrom(connection.kind, stored));
  }

  /** Whether something is stored that requests carry; of an account that people connect that is its tokens, for the client secret is for the token end point only. */
  async isArmed(tx: Transaction, connection: StoredConnection): Promise<boolean> {
    if (oauthClientOf(connection)?.grant === 'authorization_code') return this.tokens.isKept(tx, connection);
    return secretPartOf(connection) !== null;
  }

  async put(tx: Transaction, connection: StoredConnection, version: number, secret: ConnectionSecret): Promise<void> {
    if (secretPartOf(connection) === null) return;
    await this.secrets.put(tx, ownerOf(connection, version), storedSecret(connection.kind, secret));
  }

  /** What a client got when it was tried out; one that was stored untried gets its tokens within seconds. Returns the connection with them. */
  async keepTokens(tx: Transaction, connection: StoredConnection, issued: IssuedTokens | null): Promise<StoredConnection> {
    if (issued) return learned(connection, { kind: 'refreshed', ...(await this.tokens.keep(tx, connection, issued)) });
    if (connection.kind === 'oauth2_client_credentials') await this.tokens.begin(tx, connection);
    return connection;
  }

  /** All that is secret of it. */
  async destroyAll(tx: Transaction, connection: StoredConnection): Promise<void> {
    await this.destroy(tx, connection, [connection.version, ...connection.slots.map(({ version }) => version)]);
    await this.tokens.destroy(tx, connection);
  }

  async destroy(tx: Transaction, connection: StoredConnection, versions: number[]): Promise<void> {
    for (const version of versions) await this.secrets.destroy(tx, ownerOf(connection, version));
  }
}

function ownerOf({ organizationId, connectionId }: StoredConnection, version: number) {
  return { organizationId, connectionId, purpose: 'secret', version } as const;
}
