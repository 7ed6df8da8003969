import type { AgentSnapshot, FunctionSnapshot } from '@patchbay/contracts/agents';
import type { ReplyOf } from '@patchbay/contracts/define';
import type { edge } from '@patchbay/contracts/edge';
import { EFFECT_RULES } from '@patchbay/contracts/effect';

type Menu = Omit<ReplyOf<typeof edge.startSession>, 'sessionId'>;

/** What an edge is told of the version a session is pinned to. What cannot be called is not on the menu: the agent has a sentence in its place. */
export function menuOf(snapshot: AgentSnapshot, refused: Menu['unavailable']): Menu {
  const names = new Set(snapshot.functions.map(({ name }) => name));
  const unavailable = refused.filter(({ name }) => names.has(name));
  const gone = new Set(unavailable.map(({ name }) => name));
  return {
    agentId: snapshot.agentId,
    agentVersion: snapshot.versionId,
    instructions: snapshot.instructions,
    functions: snapshot.functions.filter(({ name }) => !gone.has(name)).map(toMenuFunction),
    unavailable,
    turnBudgetMs: snapshot.turnBudgetMs,
    maxDurationMs: snapshot.maxDurationMs,
    inactivity: snapshot.inactivity,
  };
}

/** An edge gets the first line only: the runner tells when the others are due. */
function toMenuFunction({ name, description, parameters, effect, speak }: FunctionSnapshot): Menu['functions'][number] {
  const [firstLine] = speak?.waiting ?? [];
  return { name, description, parameters, effect, speculative: EFFECT_RULES[effect].speculative, ...(firstLine ? { speak: firstLine } : {}) };
}
