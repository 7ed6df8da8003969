import type { ParsedJson } from './parsed-json.ts';
import { UnreadableInput } from './parsed-json.ts';

const STATUSES = ['succeeded', 'needs_confirmation', 'rejected', 'failed', 'unknown', 'pending', 'cancelled'] as const;
export type OutcomeStatus = (typeof STATUSES)[number];

/** The part of the contract's outcome that the player judges. */
export interface Outcome {
  invocationId: string;
  status: OutcomeStatus;
  replayed: boolean;
  attempts: number;
  /** Null when it is absent. */
  result: unknown;
  /** `code: message`, or null. */
  error: string | null;
  /** What must be read to the caller, or null. */
  readBack: string | null;
}

export function readOutcome(reply: ParsedJson): Outcome {
  const status = STATUSES.find((known) => known === reply.at('status').string());
  if (!status)
    throw new UnreadableInput(reply.place, `the status ${reply.at('status').string()} is not in the contract`);
  const error = reply.has('error') ? reply.at('error') : null;
  return {
    invocationId: reply.at('invocationId').string(),
    status,
    replayed: reply.at('replayed').boolean(),
    attempts: reply.at('attempts').number(),
    result: reply.has('result') ? reply.at('result').value : null,
    readBack: reply.has('confirmation') ? reply.at('confirmation').at('readBack').string() : null,
    error: error && `${error.at('code').string()}: ${error.at('message').string()}`,
  };
}
