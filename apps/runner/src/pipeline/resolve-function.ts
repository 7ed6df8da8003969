import { Injectable } from '@nestjs/common';
import { ServiceError } from '@patchbay/contracts/errors';
import { Deadline } from '@patchbay/service-kit/messaging/request-context';
import { refused, type Verdict } from '../domain/verdict.ts';
import { AgentFunctions } from '../outside/agent-functions.ts';
import { Sessions } from '../outside/sessions.ts';
import type { Invocation, Step } from './invocation.ts';

/** Finds the live session of this edge and the function in the version the session is pinned to. */
@Injectable()
export class ResolveFunction implements Step {
  constructor(
    private readonly sessions: Sessions,
    private readonly functions: AgentFunctions,
  ) {}

  async run(invocation: Invocation): Promise<Verdict | undefined> {
    const { organizationId, edgeId, input } = invocation;
    const session = this.sessions.get(organizationId, input.sessionId) ?? (await this.sessions.find(organizationId, input.sessionId));
    if (session?.edgeId !== edgeId) {
      throw ServiceError.fields('session_not_found', `There is no session ${input.sessionId}.`, [
        { path: 'sessionId', problem: 'is not a session of this organization and edge' },
      ]);
    }
    invocation.versionId = session.versionId;
    if (session.state === 'ended') {
      return refused('rejected', 'session_ended', 'The session has ended.', {
        fields: [{ path: 'sessionId', problem: 'has ended' }],
      });
    }
    const agent = this.functions.get(organizationId, session.versionId) ?? (await this.functions.find(organizationId, session.versionId));
    invocation.deadline ??= agent ? new Deadline(agent.turnBudgetMs) : null;
    invocation.function = agent?.functions.get(input.function);
    if (invocation.function) return undefined;
    return refused('rejected', 'unknown_function', `There is no function ${input.function}.`, {
      fields: [{ path: 'function', problem: `must be one of: ${[...(agent?.functions.keys() ?? [])].join(', ') || 'none'}` }],
      hint: 'Use one of the functions you were given, by its exact name.',
    });
  }
}
