import { Controller } from '@nestjs/common';
import { agents } from '@patchbay/contracts/agents';
import type { RequestOf } from '@patchbay/contracts/define';
import { Client, type ClientOf } from '@patchbay/service-kit/messaging/client';
import { Input, Route } from '../http/route.ts';

@Controller()
export class AgentsController {
  constructor(@Client(agents) private readonly agentsClient: ClientOf<typeof agents>) {}

  @Route('POST /v1/agents', agents.createAgent, { permission: 'agents:write' })
  create(@Input() input: RequestOf<typeof agents.createAgent>) {
    return this.agentsClient.createAgent(input);
  }

  @Route('GET /v1/agents', agents.listAgents, { permission: 'agents:read' })
  list(@Input() input: RequestOf<typeof agents.listAgents>) {
    return this.agentsClient.listAgents(input);
  }

  @Route('GET /v1/agents/:agentId', agents.getAgent, { permission: 'agents:read' })
  get(@Input() input: RequestOf<typeof agents.getAgent>) {
    return this.agentsClient.getAgent(input);
  }

  @Route('POST /v1/agents/:agentId/versions', agents.createVersion, { permission: 'agents:write' })
  createVersion(@Input() input: RequestOf<typeof agents.createVersion>) {
    return this.agentsClient.createVersion(input);
  }

  @Route('POST /v1/agents/:agentId/versions/:versionId/deploy', agents.deployVersion, {
    permission: 'agents:deploy',
    status: 200,
  })
  deploy(@Input() input: RequestOf<typeof agents.deployVersion>) {
    return this.agentsClient.deployVersion(input);
  }
}
