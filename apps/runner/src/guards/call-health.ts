import type { SendResult } from '@patchbay/egress/send-result';
import type { SendFailureCode } from '@patchbay/egress/send-failure';
import type { CallHealth } from './circuit-breaker.ts';

/** `ignored`: our own doing, or one answer that could not be used, which tells nothing of the provider. */
const FAILURES: Record<SendFailureCode, CallHealth> = {
  dns_failed: 'failure',
  connect_failed: 'failure',
  tls_failed: 'failure',
  timeout: 'failure',
  reset: 'failure',
  provider_unreadable: 'ignored',
  cancelled: 'ignored',
  egress_blocked: 'ignored',
};
/** Less than this is a turn that was nearly over, not a slow provider. */
const FAIR_MS = 500;

/** What one request says about the health of its provider. A 4xx is an answer: whoever refuses us is there. */
export function callHealth(sent: SendResult, { givenMs, timeoutMs }: { givenMs: number; timeoutMs: number }): CallHealth {
  if (sent.kind === 'answered') return sent.status >= 500 ? 'failure' : 'success';
  if (sent.code === 'timeout' && givenMs < Math.min(FAIR_MS, timeoutMs)) return 'ignored';
  return FAILURES[sent.code];
}
