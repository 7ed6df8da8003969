import { Injectable } from '@nestjs/common';
import type { agents } from '@patchbay/contracts/agents';
import type { InputOf, ReplyOf } from '@patchbay/contracts/define';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import { DataSource } from 'typeorm';
import { agentNotFound } from '../domain/agent-version.ts';
import { newestThatFit } from '../domain/newest-that-fit.ts';
import { AgentRepository, toAgent } from '../outside/agent.repository.ts';
import { toVersion, VersionRepository } from '../outside/version.repository.ts';

const VERSIONS_SHOWN = 100;

/** An agent with its newest versions. */
@Injectable()
export class GetAgent {
  constructor(
    private readonly source: DataSource,
    private readonly agents: AgentRepository,
    private readonly versions: VersionRepository,
  ) {}

  async run({ organizationId, agentId }: InputOf<typeof agents.getAgent>): Promise<ReplyOf<typeof agents.getAgent>> {
    return inOrganization(this.source, organizationId, async (tx) => {
      const agent = await this.agents.find(tx, organizationId, agentId);
      if (!agent) throw agentNotFound(agentId);
      const versions = await this.versions.listNewest(tx, organizationId, agentId, VERSIONS_SHOWN);
      return { ...toAgent(agent), versions: newestThatFit(versions.map(toVersion)) };
    });
  }
}
