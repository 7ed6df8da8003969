import { Controller } from '@nestjs/common';
import { credentials } from '@patchbay/contracts/credentials';
import type { InputOf } from '@patchbay/contracts/define';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import { Handles } from '@patchbay/service-kit/messaging/handles';
import { DataSource } from 'typeorm';
import { EdgeRepository, edgeView } from './outside/edge.repository.ts';
import { CreateEdge } from './use-cases/create-edge.ts';
import { RenewEdge } from './use-cases/renew-edge.ts';
import { RevokeEdge } from './use-cases/revoke-edge.ts';

/** Edges of an organization and what lets them in. */
@Controller()
export class EdgeHandlers {
  constructor(
    private readonly createEdge: CreateEdge,
    private readonly renewEdge: RenewEdge,
    private readonly revokeEdge: RevokeEdge,
    private readonly edges: EdgeRepository,
    private readonly source: DataSource,
  ) {}

  @Handles(credentials.createEdge)
  newEdge(input: InputOf<typeof credentials.createEdge>) {
    return this.createEdge.run(input);
  }

  @Handles(credentials.getEdge)
  async edge({ organizationId, edgeId }: InputOf<typeof credentials.getEdge>) {
    return edgeView(await inOrganization(this.source, organizationId, (tx) => this.edges.get(tx, organizationId, edgeId)));
  }

  @Handles(credentials.listEdges)
  async allEdges({ organizationId }: InputOf<typeof credentials.listEdges>) {
    const rows = await inOrganization(this.source, organizationId, (tx) => this.edges.list(tx, organizationId));
    return { edges: rows.map(edgeView) };
  }

  @Handles(credentials.renewEdge)
  renewed(input: InputOf<typeof credentials.renewEdge>) {
    return this.renewEdge.run(input);
  }

  @Handles(credentials.revokeEdge)
  revoked(input: InputOf<typeof credentials.revokeEdge>) {
    return this.revokeEdge.run(input);
  }
}
