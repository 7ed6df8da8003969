import { Injectable } from '@nestjs/common';
import type { agents } from '@patchbay/contracts/agents';
import { changes } from '@patchbay/contracts/audit';
import type { InputOf, ReplyOf } from '@patchbay/contracts/define';
import { recordChange } from '@patchbay/service-kit/database/change';
import { inOrganization } from '@patchbay/service-kit/database/organization';
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
    const agent = toAgent(row);
    await inOrganization(this.source, organizationId, async (tx) => {
      await this.agents.insert(tx, row);
      const object = { kind: 'agent', id: row.agent_id, name };
      await recordChange(tx, changes.agents.changeRecorded, { organizationId, action: 'agent.created', object, after: agent });
    });
    return agent;
  }
}
