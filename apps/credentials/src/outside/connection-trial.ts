import { Injectable } from '@nestjs/common';
import type { ConnectionSecret } from '@patchbay/contracts/connection-kinds';
import type { Finding } from '../domain/connection-check.ts';
import { isRefreshed } from '../domain/connection-health.ts';
import { placedSecret, placedToken } from '../domain/connection-placement.ts';
import type { StoredConnection } from '../domain/connection.ts';
import { ConnectionChecker } from './connection-checker.ts';
import { AccessTokens } from './oauth/access-tokens.ts';
import type { IssuedTokens } from './oauth/kept-tokens.ts';
import { TokenFailure } from './oauth/token-failure.ts';

export interface Trial {
  /** Null: there was nothing to try it out with. */
  finding: Finding | null;
  /** The tokens that the client got on the way. */
  issued: IssuedTokens | null;
}

/** Tries a secret out before it is stored. */
@Injectable()
export class ConnectionTrial {
  constructor(
    private readonly checker: ConnectionChecker,
    private readonly tokens: AccessTokens,
  ) {}

  async run(connection: StoredConnection, secret: ConnectionSecret): Promise<Trial> {
    if (connection.kind === 'oauth2_client_credentials') return this.#client(connection, secret);
    // Without the account's consent there is no token to try out yet.
    if (isRefreshed(connection)) return { finding: null, issued: null };
    return { finding: await this.#check(connection, placedSecret(connection, secret).headers), issued: null };
  }

  async #client(connection: StoredConnection, { secret }: ConnectionSecret): Promise<Trial> {
    try {
      const issued = await this.tokens.obtain(connection, connection, secret ?? null);
      const checked = await this.#check(connection, placedToken(connection, issued.accessToken).headers);
      return { finding: checked ?? { kind: 'worked', scopes: null }, issued };
    } catch (error) {
      if (!(error instanceof TokenFailure)) throw error;
      const { text, fault } = error.problem;
      return { finding: { kind: 'trouble', text, fault }, issued: null };
    }
  }

  async #check(connection: StoredConnection, headers: Record<string, string>): Promise<Finding | null> {
    const { check } = connection;
    return check && this.checker.check({ ...connection, check }, headers);
  }
}
