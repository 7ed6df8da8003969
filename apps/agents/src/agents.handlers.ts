import { Controller } from '@nestjs/common';
import { agents } from '@patchbay/contracts/agents';
import type { InputOf } from '@patchbay/contracts/define';
import { Handles } from '@patchbay/service-kit/messaging/handles';
import { CreateAgent } from './use-cases/create-agent.ts';
import { CreateVersion } from './use-cases/create-version.ts';
import { DeployVersion } from './use-cases/deploy-version.ts';
import { GetAgent } from './use-cases/get-agent.ts';
import { ListAgents } from './use-cases/list-agents.ts';

@Controller()
export class AgentsHandlers {
  constructor(
    private readonly createAgent: CreateAgent,
    private readonly getAgent: GetAgent,
    private readonly listAgents: ListAgents,
    private readonly createVersion: CreateVersion,
    private readonly deployVersion: DeployVersion,
  ) {}

  @Handles(agents.createAgent)
  create(input: InputOf<typeof agents.createAgent>) {
    return this.createAgent.run(input);
  }

  @Handles(agents.getAgent)
  get(input: InputOf<typeof agents.getAgent>) {
    return this.getAgent.run(input);
  }

  @Handles(agents.listAgents)
  list(input: InputOf<typeof agents.listAgents>) {
    return this.listAgents.run(input);
  }

  @Handles(agents.createVersion)
  draft(input: InputOf<typeof agents.createVersion>) {
    return this.createVersion.run(input);
  }

  @Handles(agents.deployVersion)
  deploy(input: InputOf<typeof agents.deployVersion>) {
    return this.deployVersion.run(input);
  }
}
