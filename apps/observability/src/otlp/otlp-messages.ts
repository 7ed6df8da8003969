import { ServiceError } from '@patchbay/contracts/errors';
import type { Rejected } from './read-export.ts';

/** OTLP's `ExportTraceServiceResponse`; without `partialSuccess` all spans are stored. */
export interface ExportReply {
  partialSuccess?: { rejectedSpans: number; errorMessage: string };
}

/** The `resourceSpans` of an `ExportTraceServiceRequest`; an export may be empty. */
export function resourceSpansOf(body: unknown): unknown[] {
  const { resourceSpans = [] } = (body ?? {}) as { resourceSpans?: unknown };
  if (Array.isArray(resourceSpans)) return resourceSpans;
  const problem = 'must be an array';
  throw ServiceError.fields('invalid_arguments', `resourceSpans ${problem}.`, [{ path: 'resourceSpans', problem }]);
}

export function exportReply({ count, reasons }: Rejected): ExportReply {
  if (count === 0) return {};
  return { partialSuccess: { rejectedSpans: count, errorMessage: `Not stored: ${reasons.join('; ')}.` } };
}
