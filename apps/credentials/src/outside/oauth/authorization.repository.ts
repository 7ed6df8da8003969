import { Injectable } from '@nestjs/common';
import type { Transaction } from '@patchbay/service-kit/database/database';
import type { Authorization } from '../../domain/oauth/authorization.ts';

interface AuthorizationRow {
  org_id: string;
  connection_id: string;
  number: number;
  issuer: string | null;
  scopes: string[];
  resource: string | null;
  return_to: string;
  binding_hash: Buffer | null;
  expires_at: Date;
  used_at: Date | null;
}

/** Accounts that are being connected. Known by the hash of their state: who reads the table can use none of them. */
@Injectable()
export class AuthorizationRepository {
  /** Returns the number of the row, under which its verifier is kept. */
  async insert(tx: Transaction, stateHash: Buffer, authorization: Omit<Authorization, 'number' | 'usedAt'>): Promise<number> {
    const { organizationId, connectionId, issuer, scopes, resource, returnTo, bindingHash, expiresAt } = authorization;
    const [row]: [{ number: number }] = await tx.query(
      `insert into authorizations (org_id, state_hash, connection_id, issuer, scopes, resource, return_to, binding_hash, expires_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning number`,
      [organizationId, stateHash, connectionId, issuer, scopes, resource, returnTo, bindingHash, expiresAt],
    );
    return row.number;
  }

  /** Of whichever organization: that is what the state is asked for. Whoever asks next for the same one sees that it was used. */
  async use(tx: Transaction, stateHash: Buffer): Promise<Authorization | null> {
    const [row]: AuthorizationRow[] = await tx.query('select * from authorizations where state_hash = $1 for update', [stateHash]);
    if (!row) return null;
    await tx.query('update authorizations set used_at = coalesce(used_at, now()) where org_id = $1 and state_hash = $2', [row.org_id, stateHash]);
    return authorizationOf(row);
  }

  /** With their verifiers. Of all organizations. */
  async destroyExpired(tx: Transaction, now: Date): Promise<void> {
    await tx.query(
      `with expired as (delete from authorizations where expires_at < $1 returning org_id, connection_id, number)
       delete from connection_secrets s using expired e
       where s.org_id = e.org_id and s.connection_id = e.connection_id and s.purpose = 'pending' and s.version = e.number`,
      [now],
    );
  }
}

function authorizationOf(row: AuthorizationRow): Authorization {
  const { org_id, connection_id, number, issuer, scopes, resource, return_to, binding_hash, expires_at, used_at } = row;
  return {
    organizationId: org_id,
    connectionId: connection_id,
    number,
    issuer,
    scopes,
    resource,
    returnTo: return_to,
    bindingHash: binding_hash,
    expiresAt: expires_at,
    usedAt: used_at,
  };
}
