import { Injectable } from '@nestjs/common';
import type { Edge } from '@patchbay/contracts/credentials';
import { ServiceError } from '@patchbay/contracts/errors';
import { violates, type Transaction } from '@patchbay/service-kit/database/database';
import { EdgeTable } from '../tables/edge.table.ts';

@Injectable()
export class EdgeRepository {
  async insert(tx: Transaction, row: EdgeTable): Promise<void> {
    await tx.insert(EdgeTable, row).catch((error: unknown) => {
      if (!violates(error, 'edges_org_id_name_unique')) throw error;
      throw ServiceError.fields('conflict', 'An edge with this name exists already.', [
        { path: 'name', problem: 'is taken' },
      ]);
    });
  }

  async get(tx: Transaction, organizationId: string, edgeId: string): Promise<Edge> {
    const row = await tx.findOneBy(EdgeTable, { org_id: organizationId, edge_id: edgeId });
    if (!row) throw new ServiceError('not_found', `The organization has no edge ${edgeId}.`);
    return view(row);
  }

  /** In the order they were made; ids sort by time. */
  async list(tx: Transaction, organizationId: string): Promise<Edge[]> {
    const rows = await tx.find(EdgeTable, { where: { org_id: organizationId }, order: { edge_id: 'ASC' } });
    return rows.map(view);
  }
}

function view({ edge_id, name, created_at }: EdgeTable): Edge {
  return { edgeId: edge_id, name, createdAt: created_at.toISOString() };
}
