import { Injectable } from '@nestjs/common';
import type { Transaction } from '@patchbay/service-kit/database/database';
import { EdgeCredentialsTable } from '../tables/edge-credentials.table.ts';
import type { EdgeTable } from '../tables/edge.table.ts';

/** Any number that no other advisory lock of this database has. */
const PUBLISH_LOCK = 72_004;

@Injectable()
export class EdgeCredentialsRepository {
  async insert(tx: Transaction, { org_id, edge_id, nats_public_key, expires_at }: EdgeTable, mintedAt: Date): Promise<void> {
    const key = { org_id, edge_id, public_key: nats_public_key };
    await tx.insert(EdgeCredentialsTable, { ...key, minted_at: mintedAt, expires_at, revoked_at: null, published_at: null });
  }

  /** Every key pair that the edge has ends then, if not before. One that a process of the release before made is written down first. */
  async endAll(tx: Transaction, { org_id, edge_id }: EdgeTable, at: Date): Promise<void> {
    await tx.query(
      `insert into edge_credentials (org_id, edge_id, public_key, minted_at, expires_at)
       select org_id, edge_id, nats_public_key, created_at, expires_at from edges where org_id = $1 and edge_id = $2
       on conflict do nothing`,
      [org_id, edge_id],
    );
    await tx.query(
      `update edge_credentials set revoked_at = $3 where org_id = $1 and edge_id = $2 and (revoked_at is null or revoked_at > $3)`,
      [org_id, edge_id, at],
    );
  }

  /** Held until the transaction ends: a shorter list must not overtake a longer one on the way to NATS. */
  async lockPublishing(tx: Transaction): Promise<void> {
    await tx.query('select pg_advisory_xact_lock($1)', [PUBLISH_LOCK]);
  }

  /** All key pairs that have ended before their JWT says so. One whose JWT has expired needs no word. */
  async listRevoked(tx: Transaction, now: Date): Promise<{ public_key: string; revoked_at: Date }[]> {
    return tx.query(
      `select public_key, revoked_at from edge_credentials where revoked_at <= $1 and (expires_at is null or expires_at > $1) order by revoked_at, public_key`,
      [now],
    );
  }

  async hasUnpublished(tx: Transaction, now: Date): Promise<boolean> {
    const [row]: { found: boolean }[] = await tx.query(
      'select exists (select 1 from edge_credentials where revoked_at <= $1 and published_at is null) as found',
      [now],
    );
    return row!.found;
  }

  async markPublished(tx: Transaction, now: Date): Promise<void> {
    await tx.query('update edge_credentials set published_at = $1 where revoked_at <= $1 and published_at is null', [now]);
  }
}
