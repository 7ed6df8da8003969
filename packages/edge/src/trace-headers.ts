import { isSpanContextValid, trace, type Context } from '@opentelemetry/api';
import { headers, type MsgHdrs } from '@nats-io/transport-node';
import { DEADLINE_HEADER, TRACEPARENT_HEADER, TRACESTATE_HEADER } from '@patchbay/contracts/edge';

/**
 * The headers of one request. The trace is written by hand and not through the propagation API: the contract is W3C whatever
 * the host has configured, it also works where the host has configured nothing, and baggage must never travel along.
 */
export function requestHeaders(sender: Context, leftMs: number): MsgHdrs {
  const marks = headers();
  marks.set(DEADLINE_HEADER, String(Math.max(1, Math.floor(leftMs))));
  const span = trace.getSpanContext(sender);
  if (!span || !isSpanContextValid(span)) return marks;
  const flags = span.traceFlags.toString(16).padStart(2, '0');
  marks.set(TRACEPARENT_HEADER, `00-${span.traceId}-${span.spanId}-${flags}`);
  const state = span.traceState?.serialize();
  if (state) marks.set(TRACESTATE_HEADER, state);
  return marks;
}
