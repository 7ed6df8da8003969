import { Injectable } from '@nestjs/common';
import type { Edge } from '@patchbay/contracts/access';
import type { credentials } from '@patchbay/contracts/credentials';
import type { InputOf } from '@patchbay/contracts/define';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import { DataSource } from 'typeorm';
import { AccessNews } from '../outside/access-news.ts';
import { AuditLog } from '../outside/audit.repository.ts';
import { EdgeCredentialsRepository } from '../outside/edge-credentials.repository.ts';
import { EdgeRepository, edgeView } from '../outside/edge.repository.ts';
import { EdgeRevocations } from '../outside/edge-revocations.ts';

/** All key pairs of an edge end at once, and for ever: it may have been stolen. Revoking it again changes nothing. */
@Injectable()
export class RevokeEdge {
  constructor(
    private readonly source: DataSource,
    private readonly edges: EdgeRepository,
    private readonly keyPairs: EdgeCredentialsRepository,
    private readonly revocations: EdgeRevocations,
    private readonly audit: AuditLog,
    private readonly news: AccessNews,
  ) {}

  async run({ organizationId, edgeId }: InputOf<typeof credentials.revokeEdge>): Promise<Edge> {
    const now = new Date();
    const edge = await inOrganization(this.source, organizationId, async (tx) => {
      const row = await this.edges.lock(tx, organizationId, edgeId);
      if (row.revoked_at) return edgeView(row);
      await this.keyPairs.endAll(tx, row, now);
      await this.edges.revoke(tx, row, now);
      const [before, after] = [edgeView(row), edgeView({ ...row, revoked_at: now })];
      await this.audit.append(tx, organizationId, { action: 'edge.revoked', object: { kind: 'edge', id: edgeId, name: row.name }, before, after });
      await this.news.add(tx, organizationId, { kind: 'edge', id: edgeId });
      return after;
    });
    this.news.send();
    // It is revoked, and our own services refuse it, whether or not NATS can be told now.
    await this.revocations.publishSoon(now);
    return edge;
  }
}
