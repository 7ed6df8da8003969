import { hash } from 'node:crypto';
import { monotonicClock, type Clock } from './clock.ts';
import { RecentMap } from './recent-map.ts';

export interface LoopRules {
  /** Calls of one function with equal arguments that a session may send within `equalWindowMs`; 0 for any number. */
  equalCalls: number;
  equalWindowMs: number;
  /** Calls that a session may send within a minute; 0 for any number. */
  callsPerMinute: number;
}

export interface RepeatableCall {
  organizationId: string;
  sessionId: string;
  function: string;
  /** A hash of the arguments, or their canonical text. */
  argumentsHash: string;
}
export type LoopDecision = { allowed: true } | { allowed: false; why: 'equal_calls' | 'too_many_calls'; retryAfterMs: number; hint: string };

interface Sent {
  function: string;
  args: string;
  at: number;
}

const ALLOWED: LoopDecision = { allowed: true };
const MINUTE_MS = 60_000;
/** Twice the longest window that counts; the number of sessions that can call within it on one runner. */
const KEPT = { idleMs: 2 * MINUTE_MS, maxKeys: 100_000 };
/** Remembered of a session whose number of calls is not limited. */
const MOST_REMEMBERED = 64;
/** A hash in hexadecimal fits; hashing costs more than comparing. */
const MOST_CHARACTERS = 128;
const HINTS = {
  equal_calls:
    'You have called this again and again with the same arguments. Do not call it again; tell the caller what you know, or ask what to do next.',
  too_many_calls: 'You have called too many functions. Stop calling, and talk to the caller first.',
} as const;

/**
 * Ends the loops of a model that calls the same thing again and again. It counts what would be sent: a call that joins one under way or gets
 * an earlier outcome again costs no provider anything. A refused call does not count, so that the loop is slowed to the rate, not locked out.
 */
export class LoopBreaker {
  readonly #sessions: RecentMap<Sent[]>;

  constructor(
    private readonly rules: LoopRules,
    private readonly clock: Clock = monotonicClock,
  ) {
    this.#sessions = new RecentMap(KEPT, clock);
  }

  take({ organizationId, sessionId, function: name, argumentsHash }: RepeatableCall): LoopDecision {
    const { equalCalls, equalWindowMs, callsPerMinute } = this.rules;
    if (equalCalls === 0 && callsPerMinute === 0) return ALLOWED;
    const now = this.clock();
    const args = shortOf(argumentsHash);
    const sent = this.#sessions.at(`${organizationId} ${sessionId}`, () => [], now);
    dropBefore(sent, now - Math.max(MINUTE_MS, equalWindowMs));
    const isEqual = (one: Sent) => one.args === args && one.function === name && now - one.at < equalWindowMs;
    const equal = equalCalls === 0 ? null : nthLast(sent, equalCalls, isEqual);
    if (equal) return refusal('equal_calls', equal.at + equalWindowMs - now);
    const any = callsPerMinute === 0 ? null : nthLast(sent, callsPerMinute, (one) => now - one.at < MINUTE_MS);
    if (any) return refusal('too_many_calls', any.at + MINUTE_MS - now);
    if (sent.length >= Math.max(callsPerMinute, equalCalls, MOST_REMEMBERED)) sent.shift();
    sent.push({ function: name, args, at: now });
    return ALLOWED;
  }
}

/** Arguments may be as long as a request: what is remembered of sixty calls of every session must not be. */
function shortOf(args: string): string {
  return args.length <= MOST_CHARACTERS ? args : hash('sha256', args, 'base64');
}

/** The one that must grow old before there is room for another; null when there is room. */
function nthLast(sent: readonly Sent[], nth: number, counts: (one: Sent) => boolean): Sent | null {
  if (sent.length < nth) return null;
  let found = 0;
  for (let index = sent.length - 1; index >= 0; index--) {
    if (counts(sent[index]!) && ++found === nth) return sent[index]!;
  }
  return null;
}

function dropBefore(sent: Sent[], since: number): void {
  const fresh = sent.findIndex(({ at }) => at > since);
  if (fresh !== 0) sent.splice(0, fresh === -1 ? sent.length : fresh);
}

function refusal(why: keyof typeof HINTS, waitMs: number): LoopDecision {
  return { allowed: false, why, retryAfterMs: Math.ceil(waitMs), hint: HINTS[why] };
}
