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
  /** By the database's clock; stays when something is learnt. */
  storedAt: number;
}

/** As it travels to the database, which sets the times. */
export type FinishedRow = Omit<InvocationRow, 'verifyAt' | 'looks' | 'storedAt'> & { verifyInMs: number | null };

/** A write of which nothing is known, and since when, by the database's clock. */
export type UnknownWrite = InvocationRow & { storedMsAgo: number };

/** When the lease ends, and how often its runner was swept since. */
export interface LeaseRow {
  until: number;
  sweeps: number;
}

export interface ConsentRow extends Consent {
  sessionId: string;
  state: 'asked' | 'used' | 'refused' | 'changed' | 'voided';
  /** When the edge made the call that asked for it. */
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
