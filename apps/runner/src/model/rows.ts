import type { Consent } from '../domain/caller-answer.ts';
import type { InvocationState, StateEvent, TerminalStatus } from '../domain/state.ts';
import type { Verdict } from '../domain/verdict.ts';

/** Which intent: equal requests of a session have the same. */
export interface IntentKey {
  sessionId: string;
  function: string;
  argumentsHash: string;
  epoch: number;
}

export interface IntentRow extends IntentKey {
  intentId: string;
  generation: number;
  invocationId: string;
  runnerId: string;
  idempotencyKey: string | null;
  receivedAt: number;
  committedAt: number;
}

export interface InvocationRow {
  invocationId: string;
  sessionId: string;
  function: string;
  intentId: string | null;
  status: Verdict['status'];
  isRepeat: boolean;
  receivedAt: number;
  durationMs: number;
  verifyAt: number | null;
  looks: number;
}

export interface ConsentRow extends Consent {
  sessionId: string;
  state: 'asked' | 'used' | 'refused' | 'changed' | 'voided';
  /** When the call was made that asked for it. */
  askedSince: number;
  turnId: string | null;
  intentId: string | null;
}

export interface AttemptRow {
  invocationId: string;
  attempt: number;
  requestId: string;
}

/** How a row came to its status, in the words of the state machine. */
export interface StatusChange {
  at: number;
  invocationId: string;
  from: InvocationState;
  to: TerminalStatus;
  event: StateEvent;
}

/** A yes that was used. */
export interface UsedYes {
  at: number;
  consentId: string;
  turnId: string;
  intentId: string;
  /** When the request that used it was received. */
  acceptedAt: number;
}

export function keyOf({ sessionId, function: name, argumentsHash, epoch }: IntentKey): string {
  return `${sessionId} ${name} ${argumentsHash} ${epoch}`;
}
