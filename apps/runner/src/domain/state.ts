import type { InvocationStatus } from '@patchbay/contracts/outcome';

export type TerminalStatus = Exclude<InvocationStatus, 'needs_confirmation' | 'pending'>;

/** Where an invocation stands. `received`: nothing left us. `dispatched`: a request may have reached the provider. */
export type InvocationState = 'received' | 'dispatched' | TerminalStatus;

export type StateEvent =
  | { type: 'dispatch' }
  /** `status` is what the answer, its absence or a refusal means. */
  | { type: 'settle'; status: TerminalStatus }
  /** The runner that had it is dead. */
  | { type: 'sweep' }
  /** A verification or a late answer tells what really happened. */
  | { type: 'learn'; status: Exclude<TerminalStatus, 'unknown'> };

const ENDS: readonly TerminalStatus[] = ['succeeded', 'failed', 'rejected', 'cancelled', 'unknown'];

/**
 * `unknown` is the one end that may still be learnt about; all others are final. `rejected` and `cancelled` are the word of a runner that was
 * thought dead and knows that it did not send.
 */
export const TRANSITIONS: Readonly<Record<InvocationState, readonly InvocationState[]>> = {
  received: ['dispatched', ...ENDS],
  dispatched: ['dispatched', ...ENDS],
  unknown: ['succeeded', 'failed', 'rejected', 'cancelled'],
  succeeded: [],
  failed: [],
  rejected: [],
  cancelled: [],
};

export function isTerminal(state: InvocationState): state is TerminalStatus {
  return state !== 'received' && state !== 'dispatched';
}

/** The next state; an event that comes too late changes nothing. Whatever of a write may have been sent is `unknown` when its runner dies. */
export function reduce(state: InvocationState, event: StateEvent): InvocationState {
  const next = nextState(state, event);
  return TRANSITIONS[state].includes(next) ? next : state;
}

function nextState(state: InvocationState, event: StateEvent): InvocationState {
  if (event.type === 'dispatch') return 'dispatched';
  if (event.type === 'sweep') return isTerminal(state) ? state : 'unknown';
  if (event.type === 'learn') return state === 'unknown' ? event.status : state;
  return isTerminal(state) ? state : event.status;
}
