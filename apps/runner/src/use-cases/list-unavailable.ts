import { Injectable } from '@nestjs/common';
import type { InputOf, ReplyOf } from '@patchbay/contracts/define';
import type { runner } from '@patchbay/contracts/runner';
import { CircuitBreakers } from '../guards/circuit-breakers.ts';
import { unavailableFunctions } from '../guards/menu.ts';
import { AgentFunctions } from '../outside/agent-functions.ts';

/** What of a version cannot be called now, with a sentence to say; as this runner has seen its providers. */
@Injectable()
export class ListUnavailable {
  constructor(
    private readonly functions: AgentFunctions,
    private readonly breakers: CircuitBreakers,
  ) {}

  async run({ organizationId, versionId }: InputOf<typeof runner.listUnavailable>): Promise<ReplyOf<typeof runner.listUnavailable>> {
    const agent = await this.functions.find(organizationId, versionId);
    if (!agent) return { unavailable: [] };
    return { unavailable: unavailableFunctions(agent.functions.values(), (key) => this.breakers.state(key), agent.speech.language) };
  }
}
