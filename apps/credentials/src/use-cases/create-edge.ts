import { Injectable } from '@nestjs/common';
import type { credentials } from '@patchbay/contracts/credentials';
import type { InputOf, ReplyOf } from '@patchbay/contracts/define';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import { newId } from '@patchbay/service-kit/identity/new-id';
import { DataSource } from 'typeorm';
import { credentialsExpiry } from '../domain/edge-credentials.ts';
import { AuditLog } from '../outside/audit.repository.ts';
import { EdgeCredentialsRepository } from '../outside/edge-credentials.repository.ts';
import { EdgeMinter } from '../outside/edge-minter.ts';
import { EdgeRepository, edgeView } from '../outside/edge.repository.ts';
import { sealedText } from '../outside/sealed-answers.ts';

/** An edge gets a NATS user that can act for its organization and as itself, and for nobody else. */
@Injectable()
export class CreateEdge {
  constructor(
    private readonly source: DataSource,
    private readonly edges: EdgeRepository,
    private readonly keyPairs: EdgeCredentialsRepository,
    private readonly minter: EdgeMinter,
    private readonly audit: AuditLog,
  ) {}

  async run({
    organizationId,
    name,
    expiresAfterDays,
    sealTo,
  }: InputOf<typeof credentials.createEdge>): Promise<ReplyOf<typeof credentials.createEdge>> {
    const edgeId = newId('edge');
    const now = new Date();
    const expiresAt = credentialsExpiry(expiresAfterDays, now);
    const { publicKey, ...shownOnce } = await this.minter.mint({ organizationId, edgeId, name, expiresAt });
    const row = { org_id: organizationId, edge_id: edgeId, name, nats_public_key: publicKey, created_at: now, expires_at: expiresAt, revoked_at: null };
    const after = edgeView(row);
    await inOrganization(this.source, organizationId, async (tx) => {
      await this.edges.insert(tx, row);
      await this.keyPairs.insert(tx, row, now);
      await this.audit.append(tx, organizationId, { action: 'edge.created', object: { kind: 'edge', id: edgeId, name }, after });
    });
    return { ...after, ...shownOnce, credentials: await sealedText(shownOnce.credentials, sealTo) };
  }
}
