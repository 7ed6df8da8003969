import { Injectable } from '@nestjs/common';
import type { credentials } from '@patchbay/contracts/credentials';
import type { InputOf, ReplyOf } from '@patchbay/contracts/define';
import { newId } from '@patchbay/service-kit/identity/new-id';
import { DataSource } from 'typeorm';
import { EdgeMinter } from '../outside/edge-minter.ts';
import { EdgeRepository } from '../outside/edge.repository.ts';

/** An edge gets a NATS user that can act for its organization and as itself, and for nobody else. */
@Injectable()
export class CreateEdge {
  constructor(
    private readonly source: DataSource,
    private readonly edges: EdgeRepository,
    private readonly minter: EdgeMinter,
  ) {}

  async run({
    organizationId,
    name,
  }: InputOf<typeof credentials.createEdge>): Promise<ReplyOf<typeof credentials.createEdge>> {
    const edgeId = newId('edge');
    const { publicKey, ...shownOnce } = await this.minter.mint({ organizationId, edgeId, name });
    const now = new Date();
    await this.edges.insert(this.source.manager, {
      org_id: organizationId,
      edge_id: edgeId,
      name,
      nats_public_key: publicKey,
      created_at: now,
    });
    return { edgeId, name, createdAt: now.toISOString(), ...shownOnce };
  }
}
