import type { WebhookDelivery } from '@patchbay/contracts/workflows';

/** What became of one send. */
export type Attempted =
  | { kind: 'answered'; status: number; retryAfterMs: number | null }
  | { kind: 'failed'; problem: string }
  /** Nothing was sent and the receiver is not to blame: it costs none of the delivery's attempts. */
  | { kind: 'postponed'; problem: string };

/** Where a delivery stands after an attempt. */
export interface Settlement extends Pick<WebhookDelivery, 'state' | 'attempts' | 'lastStatus' | 'lastProblem'> {
  nextAttemptAt: Date | null;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** The schedule that Standard Webhooks recommends: ten attempts over three days. */
const RETRY_DELAYS_MS = [
  5 * SECOND_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  14 * HOUR_MS,
  20 * HOUR_MS,
  24 * HOUR_MS,
];
/** Receivers that failed together must not be asked together again: up to a tenth is added. */
const JITTER = 0.1;
/** Nobody may hold a delivery longer than our own longest wait. */
const MAX_RETRY_AFTER_MS = 24 * HOUR_MS;
/** About what a neighbour's restart takes. */
const POSTPONED_MS = 10 * SECOND_MS;

const GONE = 410;
const MAY_ASK_FOR_TIME = new Set([429, 503]);

/**
 * Decides what follows from an attempt.
 * @param attempts how many were made before this one
 * @param random 0 to 1, for the jitter
 */
export function settle(attempts: number, attempted: Attempted, now: Date, random: number): Settlement {
  if (attempted.kind === 'postponed') {
    const nextAttemptAt = new Date(now.getTime() + POSTPONED_MS);
    return { state: 'waiting', attempts, lastStatus: null, lastProblem: attempted.problem, nextAttemptAt };
  }
  const made = attempts + 1;
  if (attempted.kind === 'failed') return retry(made, null, attempted.problem, waitMs(made, 0, random), now);
  const { status } = attempted;
  if (status >= 200 && status < 300) {
    return { state: 'delivered', attempts: made, lastStatus: status, lastProblem: null, nextAttemptAt: null };
  }
  if (status === GONE) return exhausted(made, status, 'the receiver answered 410: it wants no more deliveries');
  const askedMs = MAY_ASK_FOR_TIME.has(status) ? (attempted.retryAfterMs ?? 0) : 0;
  return retry(made, status, `the receiver answered ${status}`, waitMs(made, askedMs, random), now);
}

/** The wait after an attempt, or null when it was the last. */
function waitMs(made: number, askedMs: number, random: number): number | null {
  const delayMs = RETRY_DELAYS_MS[made - 1];
  if (delayMs === undefined) return null;
  return Math.max(delayMs * (1 + JITTER * random), Math.min(askedMs, MAX_RETRY_AFTER_MS));
}

function retry(
  attempts: number,
  lastStatus: number | null,
  lastProblem: string,
  inMs: number | null,
  now: Date,
): Settlement {
  if (inMs === null) return exhausted(attempts, lastStatus, lastProblem);
  return { state: 'waiting', attempts, lastStatus, lastProblem, nextAttemptAt: new Date(now.getTime() + inMs) };
}

function exhausted(attempts: number, lastStatus: number | null, lastProblem: string): Settlement {
  return { state: 'exhausted', attempts, lastStatus, lastProblem, nextAttemptAt: null };
}
