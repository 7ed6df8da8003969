import type { IdempotencyStrategy } from '@patchbay/contracts/action';
import { EFFECT_RULES } from '@patchbay/contracts/effect';
import type { EffectClass } from '@patchbay/contracts/outcome';
import { isTerminal, type InvocationState } from './state.ts';

/** The intent that an invocation carries out. */
export interface IntentRef {
  intentId: string;
  argumentsHash: string;
  epoch: number;
  generation: number;
}

/** What the ledger knows of an intent: the caller wants this effect once. */
export interface LedgerEntry {
  intentId: string;
  function: string;
  argumentsHash: string;
  /** Grows by one each time the caller explicitly orders the same again. */
  epoch: number;
  idempotencyKey: string | null;
  invocationId: string;
  /** Grows by one each time the intent is tried again. */
  generation: number;
  state: InvocationState;
  /** Since the intent was committed, in milliseconds. */
  ageMs: number;
}

export interface Asked {
  function: string;
  argumentsHash: string;
  idempotencyKey: string | null;
  effect: EffectClass;
  repeatIsSafe: boolean;
  /** The caller has explicitly ordered it again: the epoch that this opens. */
  orderedEpoch: number | null;
}

/** What a request means for the ledger. Only `open` and `retake` may lead to a request to the provider. */
export type LedgerDecision =
  | { kind: 'open'; epoch: number; why: string }
  | { kind: 'retake'; entry: LedgerEntry; why: string }
  | { kind: 'join'; entry: LedgerEntry; why: string }
  | { kind: 'replay'; entry: LedgerEntry; why: string }
  | { kind: 'conflict'; entry: LedgerEntry; why: string };

/** Decides on a request by what the ledger holds of the same session: entries with the same arguments, or the same idempotency key. */
export function decideOnIntent(entries: readonly LedgerEntry[], asked: Asked): LedgerDecision {
  const keyed = asked.idempotencyKey === null ? undefined : entries.find(({ idempotencyKey }) => idempotencyKey === asked.idempotencyKey);
  if (keyed && !sameRequest(keyed, asked)) return { kind: 'conflict', entry: keyed, why: 'the idempotency key belongs to other arguments' };
  const newest = keyed ?? newestOf(entries.filter((entry) => sameRequest(entry, asked)));
  if (!newest) return { kind: 'open', epoch: 1, why: 'first request of this intent' };
  if (!isTerminal(newest.state)) return { kind: 'join', entry: newest, why: 'the same intent is under way' };
  return onFinished(newest, asked, keyed !== undefined);
}

function onFinished(entry: LedgerEntry, asked: Asked, isKeyed: boolean): LedgerDecision {
  const { state } = entry;
  if (state === 'failed' || state === 'rejected' || state === 'cancelled') {
    return { kind: 'retake', entry, why: `it ended ${state}: nothing happened` };
  }
  if (state === 'unknown' && asked.repeatIsSafe) return { kind: 'retake', entry, why: 'not known, and a repeat is safe' };
  if (isKeyed) return { kind: 'replay', entry, why: 'the same idempotency key' };
  if (asked.orderedEpoch === entry.epoch + 1) return { kind: 'open', epoch: entry.epoch + 1, why: 'the caller ordered it again' };
  const { duplicateWindowMs } = EFFECT_RULES[asked.effect];
  if (duplicateWindowMs !== null && entry.ageMs > duplicateWindowMs && state === 'succeeded') {
    return { kind: 'open', epoch: entry.epoch + 1, why: `asked again after ${duplicateWindowMs} ms` };
  }
  return { kind: 'replay', entry, why: `the same intent ended ${state}` };
}

function sameRequest(entry: LedgerEntry, asked: Asked): boolean {
  return entry.function === asked.function && entry.argumentsHash === asked.argumentsHash;
}

function newestOf(entries: readonly LedgerEntry[]): LedgerEntry | undefined {
  return entries.reduce<LedgerEntry | undefined>((newest, entry) => (newest && newest.epoch >= entry.epoch ? newest : entry), undefined);
}

/** Whether the provider sees one effect however often it is asked for this intent. */
export function repeatIsSafe(effect: EffectClass, idempotency: IdempotencyStrategy | undefined): boolean {
  if (EFFECT_RULES[effect].repeatable) return true;
  return idempotency !== undefined && idempotency.strategy !== 'none' && idempotency.strategy !== 'metadata_tag';
}
