import { Injectable } from '@nestjs/common';
import type { Edge } from '@patchbay/contracts/access';
import { ServiceError } from '@patchbay/contracts/errors';
import { violates, type Transaction } from '@patchbay/service-kit/database/database';
import { EdgeTable } from '../tables/edge.table.ts';

@Injectable()
export class EdgeRepository {
  async insert(tx: Transaction, row: EdgeTable): Promise<void> {
    await tx.insert(EdgeTable, row).catch((error: unknown) => {
      if (!violates(error, 'edges_org_id_name_unique')) throw error;
      throw ServiceError.fields('conflict', 'An edge with this name exists already.', [{ path: 'name', problem: 'is taken' }]);
    });
  }

  async get(tx: Transaction, organizationId: string, edgeId: string): Promise<EdgeTable> {
    return required(await tx.findOneBy(EdgeTable, { org_id: organizationId, edge_id: edgeId }), edgeId);
  }

  /** Held until the transaction ends: an edge is renewed and revoked one after the other. */
  async lock(tx: Transaction, organizationId: string, edgeId: string): Promise<EdgeTable> {
    await tx.query('select 1 from edges where org_id = $1 and edge_id = $2 for update', [organizationId, edgeId]);
    return this.get(tx, organizationId, edgeId);
  }

  /** In the order they were made; ids sort by time. */
  async list(tx: Transaction, organizationId: string): Promise<EdgeTable[]> {
    return tx.find(EdgeTable, { where: { org_id: organizationId }, order: { edge_id: 'ASC' } });
  }

  async renew(tx: Transaction, { org_id, edge_id }: EdgeTable, newest: { nats_public_key: string; expires_at: Date | null }): Promise<void> {
    await tx.update(EdgeTable, { org_id, edge_id }, newest);
  }

  async revoke(tx: Transaction, { org_id, edge_id }: EdgeTable, revokedAt: Date): Promise<void> {
    await tx.update(EdgeTable, { org_id, edge_id }, { revoked_at: revokedAt });
  }
}

function required(row: EdgeTable | null, edgeId: string): EdgeTable {
  if (row) return row;
  throw new ServiceError('not_found', `The organization has no edge ${edgeId}.`);
}

export function edgeView({ edge_id, name, created_at, expires_at, revoked_at }: EdgeTable): Edge {
  return {
    edgeId: edge_id,
    name,
    createdAt: created_at.toISOString(),
    expiresAt: expires_at?.toISOString() ?? null,
    revokedAt: revoked_at?.toISOString() ?? null,
  };
}
