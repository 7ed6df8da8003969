import { EFFECT_RULES } from '@patchbay/contracts/effect';
import type { EffectClass } from '@patchbay/contracts/outcome';

/** What came of one request to the provider, as far as another one depends on it. */
export interface AttemptEnd {
  /** False only when it is certain that no byte reached the provider. */
  sent: boolean;
  /** The provider could not be reached, broke off, or says that it is busy or broken. */
  transient: boolean;
  timedOut: boolean;
  /** What the provider asked for; null when it did not. */
  retryAfterMs: number | null;
}

export interface RetryQuestion {
  effect: EffectClass;
  repeatIsSafe: boolean;
  end: AttemptEnd;
  /** Requests sent so far. */
  attempts: number;
  /** Of the turn's budget. */
  leftMs: number;
  /** What an attempt usually takes; unknown is null. */
  usualMs: number | null;
  /** The provider's retry budget has room. */
  hasRetryBudget: boolean;
  /** Between 0 and 1. */
  random: number;
}

export type RetryDecision = { retry: true; delayMs: number; why: string } | { retry: false; why: string };

const MAX_ATTEMPTS = 3;
/** Full jitter, doubled per attempt: long enough for a connection to be replaced, short enough for a turn. */
const FIRST_DELAY_MS = { least: 50, most: 200 };
/** An attempt that has less than this is not worth the provider's work. */
const LEAST_ATTEMPT_MS = 50;

/** Again only inside the budget, and only if nothing was sent, it is a read, or a repeat is safe. Never on a timeout alone for a write. */
export function decideOnRetry(question: RetryQuestion): RetryDecision {
  const { effect, end, attempts, leftMs, usualMs, random } = question;
  if (!end.transient) return { retry: false, why: 'the answer is final' };
  if (attempts >= MAX_ATTEMPTS) return { retry: false, why: `${attempts} attempts are enough` };
  if (end.sent && EFFECT_RULES[effect].changesTheWorld) {
    if (!question.repeatIsSafe) return { retry: false, why: 'it may have happened, and a repeat is not safe' };
    if (end.timedOut) return { retry: false, why: 'a write is not repeated for a timeout alone' };
  }
  if (!question.hasRetryBudget) return { retry: false, why: 'the retry budget of this provider is used up' };
  const { least, most } = FIRST_DELAY_MS;
  const delayMs = end.retryAfterMs ?? (least + random * (most - least)) * 2 ** (attempts - 1);
  if (delayMs + Math.max(usualMs ?? 0, LEAST_ATTEMPT_MS) > leftMs) return { retry: false, why: 'no time is left in this turn' };
  return { retry: true, delayMs, why: end.sent ? 'a repeat is safe' : 'nothing was sent' };
}
