import type { Outcome } from '@patchbay/contracts/outcome';
import type { InvocationTable } from '../tables/invocation.table.ts';

/** The outcome of an invocation from its row; one that runs elsewhere is `pending`. */
export function storedOutcome(row: InvocationTable & { sent: number }): Outcome {
  return {
    invocationId: row.invocation_id,
    ...(row.verdict ?? { status: 'pending' as const }),
    replayed: false,
    attempts: row.sent,
    durationMs: row.duration_ms ?? Date.now() - row.received_at.getTime(),
    traceId: row.trace_id,
  };
}
