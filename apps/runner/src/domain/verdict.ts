import type { InvocationStatus, OutcomeError, OutcomeErrorCode } from '@patchbay/contracts/outcome';

/** How an invocation ends: what the outcome says beside ids and times. */
export interface Verdict {
  status: Extract<InvocationStatus, 'succeeded' | 'rejected' | 'failed' | 'unknown' | 'cancelled'>;
  result?: unknown;
  say?: string;
  hint?: string;
  error?: OutcomeError;
}

export function refused(
  status: Exclude<Verdict['status'], 'succeeded'>,
  code: OutcomeErrorCode,
  message: string,
  more: Omit<OutcomeError, 'code' | 'message'> & { hint?: string } = {},
): Verdict {
  const { hint, ...facts } = more;
  return { status, error: { code, message, ...facts }, ...(hint ? { hint } : {}) };
}
