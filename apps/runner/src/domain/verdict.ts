import type { Directive } from '@patchbay/contracts/call-control';
import type { InvocationStatus, OutcomeError, OutcomeErrorCode } from '@patchbay/contracts/outcome';

/** How an invocation ends: what the outcome says beside ids and times. `pending` and `needs_confirmation` end the request, not the matter. */
export interface Verdict {
  status: InvocationStatus;
  result?: unknown;
  say?: string;
  hint?: string;
  error?: OutcomeError;
  confirmation?: { readBack: string; expiresAt: string };
  directive?: Directive;
}

export function refused(
  status: Extract<InvocationStatus, 'rejected' | 'failed' | 'unknown' | 'cancelled'>,
  code: OutcomeErrorCode,
  message: string,
  more: Omit<OutcomeError, 'code' | 'message'> & { hint?: string } = {},
): Verdict {
  const { hint, ...facts } = more;
  return { status, error: { code, message, ...facts }, ...(hint ? { hint } : {}) };
}
