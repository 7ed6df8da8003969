/** A token must not end in the middle of a call: this is the longest one. */
const LONGEST_CALL_MS = 4 * 3_600_000;
/** Of a token whose life the provider does not say: half of the shortest common session that ends without a word, two hours. */
const UNKNOWN_LIFE_MS = 3_600_000;
/** Soon enough that a provider which lost its answer to us still takes the token it has just replaced (30 s are common). */
const FIRST_RETRY_MS = 2_000;
/** A provider that is back should be noticed well within the margin that is left of a token. */
const LONGEST_RETRY_MS = 15 * 60_000;
/** Doubling any further would leave the numbers that a timer can hold. */
const MAX_DOUBLINGS = 20;

export interface TokenLife {
  obtainedAt: Date;
  /** Null: the provider did not say, which is not "never". */
  expiresAt: Date | null;
}

/**
 * When to ask for the next token: the longest call ahead of the end, or at half of the life of a token too short for that, so that a token
 * of an hour is not refreshed without pause. `share` from 0 to 1 spreads tokens that were obtained together over a twentieth of their life.
 */
export function refreshAt({ obtainedAt, expiresAt }: TokenLife, share: number): Date {
  const lifeMs = expiresAt ? Math.max(0, expiresAt.getTime() - obtainedAt.getTime()) : 2 * UNKNOWN_LIFE_MS;
  const marginMs = Math.min(LONGEST_CALL_MS, lifeMs / 2);
  return new Date(Math.round(obtainedAt.getTime() + lifeMs - marginMs - (share * lifeMs) / 20));
}

/** After the n-th failure in a row; a provider that names a time is believed up to the longest pause. `share` from 0 to 1 spreads them. */
export function retryAt(failures: number, retryAfterMs: number | null, share: number, now: Date): Date {
  const backoffMs = FIRST_RETRY_MS * 2 ** Math.min(failures - 1, MAX_DOUBLINGS);
  const pauseMs = Math.min(LONGEST_RETRY_MS, Math.max(backoffMs, retryAfterMs ?? 0));
  return new Date(Math.round(now.getTime() + pauseMs * (1 - share / 2)));
}
