import type { Answered, SendResult } from '@patchbay/egress/send-result';
import type { AttemptEnd } from '../domain/retry.ts';

/** Our own doing, or an answer that another request would not change. */
const FINAL_FAILURES = new Set(['egress_blocked', 'cancelled', 'provider_unreadable', 'tls_failed']);
const BUSY_STATUSES = new Set([429, 500, 502, 503, 504]);

/** What came of a request, as far as another one depends on it. */
export function attemptEnd(sent: SendResult): AttemptEnd {
  if (sent.kind === 'failed') {
    return { sent: sent.sent, transient: !FINAL_FAILURES.has(sent.code), timedOut: sent.code === 'timeout', retryAfterMs: null };
  }
  return { sent: true, transient: BUSY_STATUSES.has(sent.status), timedOut: false, retryAfterMs: retryAfterOf(sent) };
}

/** `Retry-After` in seconds or as a date, as milliseconds from now; null when there is none. */
export function retryAfterOf({ headers }: Answered): number | null {
  const value = String(headers['retry-after'] ?? '');
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : Math.max(0, at - Date.now());
}
