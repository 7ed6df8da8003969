import type { Span } from '@patchbay/contracts/observability';

/** A span as it is stored: attributes are JSON text already, nanoseconds decimal, and no text has control characters. */
export interface StoredSpan {
  org_id: string;
  trace_id: string;
  stored_id: string;
  parent_span_id: string | null;
  session_id: string | null;
  name: string;
  kind: number;
  service: string;
  start_unix_nano: string;
  duration_ns: string;
  status: number;
  attributes: string;
}

/** The same as it is read back. */
export type SpanRow = Omit<StoredSpan, 'attributes'> & { attributes: Record<string, unknown> };

/** In the order of OTLP's numbers. */
const KINDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const;
const STATUSES = ['unset', 'ok', 'error'] as const;
const SPAN_ID_CHARACTERS = 16;

export function toSpan(row: SpanRow): Span {
  return {
    traceId: row.trace_id,
    spanId: row.stored_id.slice(-SPAN_ID_CHARACTERS),
    parentSpanId: row.parent_span_id,
    name: row.name,
    kind: KINDS[row.kind] ?? 'unspecified',
    service: row.service,
    startUnixNano: row.start_unix_nano,
    durationMs: Number(row.duration_ns) / 1e6,
    status: STATUSES[row.status] ?? 'unset',
    attributes: row.attributes,
  };
}
