import type { OutcomeErrorCode } from '@patchbay/contracts/outcome';
import type { Failed } from '@patchbay/egress/send-result';
import { refused, type Verdict } from '../domain/verdict.ts';

/** The sender's codes in the words of the edge contract. */
const CODES: Record<Failed['code'], OutcomeErrorCode> = {
  egress_blocked: 'egress_blocked',
  dns_failed: 'dns_failed',
  connect_failed: 'connect_failed',
  tls_failed: 'tls_failed',
  timeout: 'timeout',
  reset: 'provider_error',
  provider_unreadable: 'provider_unreadable',
  cancelled: 'cancelled',
};

/** What the absence of an answer means: a write that may have been sent is `unknown`, never `failed`. */
export function readFailure({ code, sent, message }: Failed, changesTheWorld: boolean): Verdict {
  if (sent && changesTheWorld) {
    return refused('unknown', 'unknown_outcome', 'It was sent, but no answer came; whether it happened is not known.', {
      hint: 'Say that you could not confirm it yet. Do not say that it is done, nor that it failed.',
    });
  }
  if (code === 'egress_blocked') return refused('rejected', 'egress_blocked', `The address may not be called: ${message}.`);
  // Writes are never cancelled by anybody: the sender was told at the last moment that it may not send.
  if (code === 'cancelled' && changesTheWorld) return refused('rejected', 'overloaded', 'This runner has lost touch with its database; nothing was sent.');
  if (code === 'cancelled') return refused('cancelled', 'cancelled', 'It was cancelled.');
  return refused('failed', CODES[code], `The provider could not be asked: ${message}.`);
}
