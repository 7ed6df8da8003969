import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { ServiceError } from '@patchbay/contracts/errors';
import type { Transaction } from '@patchbay/service-kit/database/database';
import type { Authorization } from '../../domain/oauth/authorization.ts';
import type { SecretOwner } from '../keys/envelope.ts';
import { SecretStore } from '../secret-store.ts';
import { AuthorizationRepository } from './authorization.repository.ts';

/** Where providers send browsers back to, or null: the one address that any of them is ever given. */
export const REDIRECT_URI = Symbol('redirect uri');

/** `publicUrl` is where browsers reach the gateway. */
export function redirectUriOf(publicUrl: string | undefined): string | null {
  return publicUrl === undefined ? null : `${publicUrl.replace(/\/+$/, '')}/v1/authorizations/callback`;
}

/** Accounts that are being connected, each with the verifier that proves that it is us who come for the tokens. */
@Injectable()
export class PendingAuthorizations {
  constructor(
    private readonly rows: AuthorizationRepository,
    private readonly secrets: SecretStore,
    @Inject(REDIRECT_URI) private readonly ownUri: string | null,
  ) {}

  /** Throws `failed_precondition` while the operator has not said where browsers reach us. */
  get redirectUri(): string {
    if (this.ownUri) return this.ownUri;
    throw new ServiceError(
      'failed_precondition',
      'Accounts cannot be connected: the operator must set CREDENTIALS_PUBLIC_URL to where browsers reach Patchbay.',
    );
  }

  async begin(tx: Transaction, authorization: Omit<Authorization, 'number' | 'usedAt'>, state: string, verifier: string): Promise<void> {
    const number = await this.rows.insert(tx, hashOf(state), authorization);
    await this.secrets.put(tx, ownerOf({ ...authorization, number }), verifier);
  }

  /** Of whichever organization: that is what the state is asked for. Used up by this. */
  use(tx: Transaction, state: string): Promise<Authorization | null> {
    return this.rows.use(tx, hashOf(state));
  }

  /** Read once and destroyed. */
  async takeVerifier(tx: Transaction, authorization: Authorization): Promise<string> {
    const verifier = await this.secrets.open(tx, ownerOf(authorization));
    await this.secrets.destroy(tx, ownerOf(authorization));
    return verifier;
  }

  destroyExpired(tx: Transaction, now: Date): Promise<void> {
    return this.rows.destroyExpired(tx, now);
  }
}

/** A state, like the mark of a browser, is a secret of 256 bits; its hash finds the row without giving it away. */
export function hashOf(state: string): Buffer {
  return createHash('sha256').update(state).digest();
}

function ownerOf({ organizationId, connectionId, number }: Pick<Authorization, 'organizationId' | 'connectionId' | 'number'>): SecretOwner {
  return { organizationId, connectionId, purpose: 'pending', version: number };
}
