import type { InvocationRecord } from '@patchbay/contracts/runner';

export type InvocationState = InvocationRecord['status'];

/** `running` is the one state that is not an end; a row leaves it once, guarded by the attempt it was sent with. */
export const TRANSITIONS: Readonly<Record<InvocationState, readonly InvocationState[]>> = {
  running: ['succeeded', 'failed', 'rejected', 'cancelled', 'unknown'],
  succeeded: [],
  failed: [],
  rejected: [],
  cancelled: [],
  unknown: [],
  needs_confirmation: [],
  pending: [],
};

export function isTerminal(state: InvocationState): boolean {
  return TRANSITIONS[state].length === 0;
}
