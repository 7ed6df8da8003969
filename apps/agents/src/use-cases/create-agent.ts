import { Injectable } from '@nestjs/common';
import type { agents } from '@patchbay/contracts/agents';
import type { InputOf, ReplyOf } from '@patchbay/contracts/define';
import { newId } from '@patchbay/service-kit/identity/new-id';
import { DataSource } from 'typeorm';
import { AgentRepository, toAgent } from '../outside/agent.repository.ts';

/** An agent begins as a name; it takes calls once a version of it is deployed. */
@Injectable()
export class CreateAgent {
  constructor(
    private readonly source: DataSource,
    private readonly agents: AgentRepository,
  ) {}

  async run({ organizationId, name }: InputOf<typeof agents.createAgent>): Promise<ReplyOf<typeof agents.createAgent>> {
    const row = {
      org_id: organizationId,
      agent_id: newId('agent'),
      name,
      latest_number: 0,
      deployed_version_id: null,
      created_at: new Date(),
    };
    await this.agents.insert(this.source.manager, row);
    return toAgent(row);
  }
}
