import { Injectable } from '@nestjs/common';
import type { agents } from '@patchbay/contracts/agents';
import { changes } from '@patchbay/contracts/audit';
import type { InputOf, ReplyOf } from '@patchbay/contracts/define';
import { recordChange } from '@patchbay/service-kit/database/change';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import { storableText } from '@patchbay/service-kit/database/storable-json';
import { newId } from '@patchbay/service-kit/identity/new-id';
import { DataSource } from 'typeorm';
import { agentNotFound, requireSound } from '../domain/agent-version.ts';
import { AgentRepository } from '../outside/agent.repository.ts';
import { toVersion, VersionRepository } from '../outside/version.repository.ts';

/** A draft may name tools, connections and agents that do not exist yet: only a deployment needs them. */
@Injectable()
export class CreateVersion {
  constructor(
    private readonly source: DataSource,
    private readonly agents: AgentRepository,
    private readonly versions: VersionRepository,
  ) {}

  async run(input: InputOf<typeof agents.createVersion>): Promise<ReplyOf<typeof agents.createVersion>> {
    requireSound(input);
    const { organizationId } = input;
    return inOrganization(this.source, organizationId, async (tx) => {
      const number = await this.agents.takeNextNumber(tx, organizationId, input.agentId);
      if (number === null) throw agentNotFound(input.agentId);
      const row = toRow(input, number);
      await this.versions.insertDraft(tx, row);
      const after = toVersion({ ...row, state: 'draft' });
      const object = { kind: 'version', id: row.version_id };
      await recordChange(tx, changes.agents.changeRecorded, { organizationId, action: 'version.created', object, after });
      return after;
    });
  }
}

function toRow(input: InputOf<typeof agents.createVersion>, number: number) {
  return {
    org_id: input.organizationId,
    version_id: newId('agentVersion'),
    agent_id: input.agentId,
    number,
    instructions: storableText(input.instructions),
    functions: input.functions,
    speech: input.speech,
    turn_budget_ms: input.turnBudgetMs,
    max_duration_ms: input.maxDurationMs,
    inactivity: input.inactivity,
    created_at: new Date(),
  };
}
