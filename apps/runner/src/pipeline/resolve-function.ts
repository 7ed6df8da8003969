import { Injectable } from '@nestjs/common';
import { ServiceError } from '@patchbay/contracts/errors';
import type { SessionSnapshot } from '@patchbay/contracts/calls';
import { Deadline } from '@patchbay/service-kit/messaging/request-context';
import { refused, type Verdict } from '../domain/verdict.ts';
import { TurnBudgets } from '../guards/turn-budgets.ts';
import { AgentFunctions, type CompiledAgent } from '../outside/agent-functions.ts';
import { Sessions } from '../outside/sessions.ts';
import type { Invocation, Step } from './invocation.ts';

/** Finds the live session of this edge, the function in the version the session is pinned to, and what is left of the turn. */
@Injectable()
export class ResolveFunction implements Step {
  constructor(
    private readonly sessions: Sessions,
    private readonly functions: AgentFunctions,
    private readonly budgets: TurnBudgets,
  ) {}

  run(invocation: Invocation): Verdict | undefined | Promise<Verdict | undefined> {
    const { organizationId, input } = invocation;
    const session = this.sessions.get(organizationId, input.sessionId);
    return session ? this.#inSession(invocation, session) : this.#findSession(invocation);
  }

  async #findSession(invocation: Invocation): Promise<Verdict | undefined> {
    return this.#inSession(invocation, await this.sessions.find(invocation.organizationId, invocation.input.sessionId));
  }

  #inSession(invocation: Invocation, session: SessionSnapshot | undefined): Verdict | undefined | Promise<Verdict | undefined> {
    const { organizationId, edgeId, input } = invocation;
    if (session?.edgeId !== edgeId) {
      throw ServiceError.fields('session_not_found', `There is no session ${input.sessionId}.`, [
        { path: 'sessionId', problem: 'is not a session of this organization and edge' },
      ]);
    }
    invocation.session = session;
    invocation.versionId = session.versionId;
    if (session.state === 'ended') {
      return refused('rejected', 'session_ended', 'The session has ended.', { fields: [{ path: 'sessionId', problem: 'has ended' }] });
    }
    const agent = this.functions.get(organizationId, session.versionId);
    if (agent) return this.#ofAgent(invocation, agent);
    return this.functions.find(organizationId, session.versionId).then((found) => this.#ofAgent(invocation, found));
  }

  #ofAgent(invocation: Invocation, agent: CompiledAgent | undefined): Verdict | undefined {
    const { organizationId, input } = invocation;
    if (agent) {
      const { turnBudgetMs, speech } = agent;
      const turn = { organizationId, sessionId: input.sessionId, turnId: input.turnId, turnBudgetMs };
      invocation.speech = speech;
      invocation.replyBy ??= new Deadline(turnBudgetMs);
      invocation.deadline = this.budgets.deadlineOf(turn, invocation.deadline);
      invocation.function = agent.functions.get(input.function);
    }
    if (invocation.function) return undefined;
    return refused('rejected', 'unknown_function', `There is no function ${input.function}.`, {
      fields: [{ path: 'function', problem: `must be one of: ${[...(agent?.functions.keys() ?? [])].join(', ') || 'none'}` }],
      hint: 'Use one of the functions you were given, by its exact name.',
    });
  }
}
