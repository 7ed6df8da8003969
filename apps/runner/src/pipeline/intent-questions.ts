import { repeatIsSafe, type Asked } from '../domain/intent.ts';
import type { IntentQuery } from '../outside/ledger.repository.ts';
import type { Invocation } from './invocation.ts';

/** What the ledger may know a request by. */
export function queryOf({ organizationId, input, argumentsHash }: Invocation): IntentQuery {
  const { sessionId, function: name, idempotencyKey } = input;
  return { organizationId, sessionId, function: name, argumentsHash, idempotencyKey: idempotencyKey ?? null };
}

export function askedOf({ input, argumentsHash, function: called }: Invocation, orderedEpoch: number | null): Asked {
  return {
    function: input.function,
    argumentsHash,
    idempotencyKey: input.idempotencyKey ?? null,
    effect: called!.effect,
    repeatIsSafe: repeatIsSafe(called!.effect, called!.idempotency),
    orderedEpoch,
  };
}
