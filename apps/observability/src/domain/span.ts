import type { Span } from '@patchbay/contracts/observability';
import type { SpanTable } from '../tables/span.table.ts';

/** In the order of OTLP's numbers. */
const KINDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const;
const STATUSES = ['unset', 'ok', 'error'] as const;
const SPAN_ID_CHARACTERS = 16;

export function toSpan(row: SpanTable): Span {
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

/** The earliest spans, as many as fit: nothing is left out that began before something that is in. */
export function earliestThatFit(byStart: Span[], maxBytes: number): Span[] {
  let bytes = 0;
  const end = byStart.findIndex((span) => {
    bytes += Buffer.byteLength(JSON.stringify(span)) + 1;
    return bytes > maxBytes;
  });
  return end === -1 ? byStart : byStart.slice(0, end);
}
