import type { ArgumentOrigin } from '@patchbay/contracts/action';
import type { FieldProblem } from '@patchbay/contracts/errors';

/** What of the call decides on arguments. */
export interface CallContext {
  session: { variables: Record<string, unknown>; callerNumber: string | null };
  /** The caller's recent words, newest last; read only where the rules restrict origins. */
  callerTurns: string[];
  /** What "tomorrow" counts from; the present unless given. */
  now?: Date;
}

export interface PreparedArguments {
  /** As the provider gets them, when there are no problems. */
  arguments: Record<string, unknown>;
  /** Of static and bound arguments, and of those that the rules restrict; `originsOf` tells all. */
  origins: Record<string, ArgumentOrigin>;
  /** What was given in another form than the schema's, and understood. */
  normalised: Normalised[];
  problems: FieldProblem[];
}

/** `path` in dots. */
export interface Normalised {
  path: string;
  from: unknown;
  to: unknown;
}
