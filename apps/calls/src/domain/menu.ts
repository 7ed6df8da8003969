import type { AgentSnapshot } from '@patchbay/contracts/agents';
import type { ReplyOf } from '@patchbay/contracts/define';
import type { edge } from '@patchbay/contracts/edge';

/** What an edge is told of the version a session is pinned to. A deployed version holds only functions that could be compiled, so none is unavailable at the start. */
export function menuOf(snapshot: AgentSnapshot): Omit<ReplyOf<typeof edge.startSession>, 'sessionId'> {
  return {
    agentId: snapshot.agentId,
    agentVersion: snapshot.versionId,
    instructions: snapshot.instructions,
    functions: snapshot.functions.map(({ name, description, parameters, effect }) => ({
      name,
      description,
      parameters,
      effect,
    })),
    unavailable: [],
    turnBudgetMs: snapshot.turnBudgetMs,
    maxDurationMs: snapshot.maxDurationMs,
    inactivity: snapshot.inactivity,
  };
}
