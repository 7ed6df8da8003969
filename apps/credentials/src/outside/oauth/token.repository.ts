import { Injectable } from '@nestjs/common';
import type { Transaction } from '@patchbay/service-kit/database/database';
import { ConnectionTokenTable } from '../../tables/connection-token.table.ts';
import type { ConnectionRef } from '../connection-sweep.ts';
import { EXCHANGE_TIMEOUT_MS } from './oauth-exchange.ts';

/** A request with the token ends before this, by a margin for the statements around it: two processes never spend one token. */
export const LEASE_MS = EXCHANGE_TIMEOUT_MS + 5_000;

/** What of tokens is not secret. */
export type TokenFacts = Pick<
  ConnectionTokenTable,
  'issuer' | 'resource' | 'scopes' | 'is_refreshable' | 'obtained_at' | 'expires_at' | 'refresh_at'
>;

/** A row that one process works on; only who still has the lease may say that it failed. */
export type LeasedTokens = ConnectionTokenTable & { lease_id: string };

export function refOf({ org_id, connection_id }: ConnectionTokenTable): ConnectionRef {
  return { organizationId: org_id, connectionId: connection_id };
}

const NEWER = `issuer = $3, resource = $4, scopes = $5, is_refreshable = $6, obtained_at = $7, expires_at = $8, refresh_at = $9,
  failures = 0, problem = null, ended_at = null, unsure = false, lease_id = null, lease_until = null`;

/** Rows of `connection_tokens`. Leases run by the clock of the database, which all processes share. */
@Injectable()
export class TokenRepository {
  async find(tx: Transaction, { organizationId, connectionId }: ConnectionRef): Promise<ConnectionTokenTable | null> {
    return tx.findOneBy(ConnectionTokenTable, { org_id: organizationId, connection_id: connectionId });
  }

  /** A row without tokens, for a connection that gets them by itself; nothing when there is one. */
  async begin(tx: Transaction, { organizationId, connectionId }: ConnectionRef): Promise<void> {
    await tx.query(
      `insert into connection_tokens (org_id, connection_id, version, is_refreshable, refresh_at) values ($1, $2, 0, true, now())
       on conflict do nothing`,
      [organizationId, connectionId],
    );
  }

  /** Whatever there was: a person has connected the account anew. Returns the version that they have. */
  async put(tx: Transaction, ref: ConnectionRef, facts: TokenFacts): Promise<number> {
    const [row]: [{ version: number }] = await tx.query(
      `insert into connection_tokens (org_id, connection_id, version, issuer, resource, scopes, is_refreshable, obtained_at, expires_at, refresh_at)
       values ($1, $2, 1, $3, $4, $5, $6, $7, $8, $9)
       on conflict (org_id, connection_id) do update set version = connection_tokens.version + 1, ${NEWER}
       returning version`,
      valuesOf(ref, facts),
    );
    return row.version;
  }

  /** Compare and set on the version alone: false when it has moved on, whoever has the lease now. */
  async replace(tx: Transaction, ref: ConnectionRef, version: number, facts: TokenFacts): Promise<boolean> {
    const [, count]: [unknown[], number] = await tx.query(
      `update connection_tokens set version = version + 1, ${NEWER} where org_id = $1 and connection_id = $2 and version = $10`,
      [...valuesOf(ref, facts), version],
    );
    return count === 1;
  }

  /** Null when somebody else is at it, or has finished it. A lease that ran out was of a process that died before it read its answer. */
  async claim(tx: Transaction, { organizationId, connectionId }: ConnectionRef, version: number): Promise<LeasedTokens | null> {
    const [rows]: [LeasedTokens[], number] = await tx.query(
      `update connection_tokens
       set lease_id = gen_random_uuid(), lease_until = clock_timestamp() + make_interval(secs => $4), unsure = unsure or lease_id is not null
       where org_id = $1 and connection_id = $2 and version = $3 and (lease_until is null or lease_until < clock_timestamp())
       returning *`,
      [organizationId, connectionId, version, LEASE_MS / 1_000],
    );
    return rows[0] ?? null;
  }

  /** Of all organizations: what is due, and at once what a dead process had begun. Several processes share the work by skipping locked rows. */
  async claimDue(tx: Transaction, now: Date, limit: number): Promise<LeasedTokens[]> {
    const [rows]: [LeasedTokens[], number] = await tx.query(
      `update connection_tokens t
       set lease_id = gen_random_uuid(), lease_until = clock_timestamp() + make_interval(secs => $3), unsure = unsure or lease_id is not null
       from (
         select org_id, connection_id from connection_tokens k join connections c using (org_id, connection_id)
         where c.lifecycle = 'active' and (k.refresh_at <= $1 or k.lease_until is not null)
           and (k.lease_until is null or k.lease_until < clock_timestamp())
         order by k.refresh_at limit $2 for update of k skip locked
       ) due
       where t.org_id = due.org_id and t.connection_id = due.connection_id
       returning t.*`,
      [now, limit, LEASE_MS / 1_000],
    );
    return rows;
  }

  /** Gives the lease back. False when it is no longer ours or the version has moved on: then what failed does not matter any more. */
  async fail(
    tx: Transaction,
    row: LeasedTokens,
    failure: Pick<ConnectionTokenTable, 'problem' | 'refresh_at' | 'ended_at' | 'unsure'>,
  ): Promise<boolean> {
    const { problem, refresh_at, ended_at, unsure } = failure;
    const [, count]: [unknown[], number] = await tx.query(
      `update connection_tokens
       set failures = failures + 1, problem = $5, refresh_at = $6, ended_at = $7, unsure = unsure or $8, lease_id = null, lease_until = null
       where org_id = $1 and connection_id = $2 and version = $3 and lease_id = $4`,
      [row.org_id, row.connection_id, row.version, row.lease_id, problem, refresh_at, ended_at, unsure],
    );
    return count === 1;
  }

  /** Gives the lease back: there was nothing to do but to look again. */
  async postpone(tx: Transaction, row: LeasedTokens, refreshAt: Date | null): Promise<void> {
    await tx.query(
      `update connection_tokens set refresh_at = $4, lease_id = null, lease_until = null where org_id = $1 and connection_id = $2 and lease_id = $3`,
      [row.org_id, row.connection_id, row.lease_id, refreshAt],
    );
  }

  /** Due at once, when the tokens are older than `than` and no failure says to wait. */
  async hasten(tx: Transaction, { organizationId, connectionId }: ConnectionRef, than: Date): Promise<void> {
    await tx.query(
      `update connection_tokens set refresh_at = now()
       where org_id = $1 and connection_id = $2 and is_refreshable and ended_at is null and failures = 0 and obtained_at < $3`,
      [organizationId, connectionId, than],
    );
  }

  /** Gives the lease back as if it had not been taken. */
  async release(tx: Transaction, row: LeasedTokens): Promise<void> {
    await tx.query('update connection_tokens set lease_id = null, lease_until = null where org_id = $1 and connection_id = $2 and lease_id = $3', [
      row.org_id,
      row.connection_id,
      row.lease_id,
    ]);
  }

  /** False when the lease is not ours any more, or the version has moved on: then these are other tokens. */
  async deleteLeased(tx: Transaction, row: LeasedTokens): Promise<boolean> {
    const { affected } = await tx.delete(ConnectionTokenTable, {
      org_id: row.org_id,
      connection_id: row.connection_id,
      version: row.version,
      lease_id: row.lease_id,
    });
    return affected === 1;
  }

  async delete(tx: Transaction, { organizationId, connectionId }: ConnectionRef): Promise<void> {
    await tx.delete(ConnectionTokenTable, { org_id: organizationId, connection_id: connectionId });
  }
}

function valuesOf({ organizationId, connectionId }: ConnectionRef, facts: TokenFacts): unknown[] {
  const { issuer, resource, scopes, is_refreshable, obtained_at, expires_at, refresh_at } = facts;
  return [organizationId, connectionId, issuer, resource, scopes, is_refreshable, obtained_at, expires_at, refresh_at];
}
