import { Controller } from '@nestjs/common';
import { credentials } from '@patchbay/contracts/credentials';
import type { InputOf } from '@patchbay/contracts/define';
import { Handles } from '@patchbay/service-kit/messaging/handles';
import { DataSource } from 'typeorm';
import { EdgeRepository } from './outside/edge.repository.ts';
import { CreateEdge } from './use-cases/create-edge.ts';
import { CreateOrganization } from './use-cases/create-organization.ts';
import { Identify } from './use-cases/identify.ts';

/** Who may act: organizations, their API keys and their edges. */
@Controller()
export class AccessHandlers {
  constructor(
    private readonly createOrganization: CreateOrganization,
    private readonly identify: Identify,
    private readonly createEdge: CreateEdge,
    private readonly edges: EdgeRepository,
    private readonly source: DataSource,
  ) {}

  @Handles(credentials.createOrganization)
  newOrganization(input: InputOf<typeof credentials.createOrganization>) {
    return this.createOrganization.run(input);
  }

  @Handles(credentials.identify)
  caller(input: InputOf<typeof credentials.identify>) {
    return this.identify.run(input);
  }

  @Handles(credentials.createEdge)
  newEdge(input: InputOf<typeof credentials.createEdge>) {
    return this.createEdge.run(input);
  }

  @Handles(credentials.getEdge)
  edge(input: InputOf<typeof credentials.getEdge>) {
    return this.edges.get(this.source.manager, input.organizationId, input.edgeId);
  }

  @Handles(credentials.listEdges)
  async allEdges(input: InputOf<typeof credentials.listEdges>) {
    return { edges: await this.edges.list(this.source.manager, input.organizationId) };
  }
}
