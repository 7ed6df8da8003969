import { Injectable } from '@nestjs/common';
import type { agents } from '@patchbay/contracts/agents';
import type { InputOf, ReplyOf } from '@patchbay/contracts/define';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import { DataSource } from 'typeorm';
import { AgentRepository, toAgent } from '../outside/agent.repository.ts';

/** The agents of an organization, by name. */
@Injectable()
export class ListAgents {
  constructor(
    private readonly source: DataSource,
    private readonly agents: AgentRepository,
  ) {}

  async run({ organizationId }: InputOf<typeof agents.listAgents>): Promise<ReplyOf<typeof agents.listAgents>> {
    const rows = await inOrganization(this.source, organizationId, (tx) => this.agents.list(tx, organizationId));
    return { agents: rows.map(toAgent) };
  }
}
