import { context, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { ATTR } from '@patchbay/service-kit/telemetry/names';
import { contextFromTraceparent } from '@patchbay/service-kit/telemetry/propagation';
import type { Attempted } from '../domain/settlement.ts';
import type { ClaimedDelivery } from './delivery.repository.ts';

/** One span per attempt: a trace of its own, linked to the event's, because it may come days later. */
export async function inDeliverySpan(delivery: ClaimedDelivery, send: () => Promise<Attempted>): Promise<Attempted> {
  const origin = trace.getSpanContext(contextFromTraceparent(delivery.traceparent, ROOT_CONTEXT));
  const attributes = {
    [ATTR.organizationId]: delivery.org_id,
    [ATTR.attempt]: delivery.attempts + 1,
    [ATTR.httpMethod]: 'POST',
    [ATTR.serverAddress]: new URL(delivery.url).hostname,
  };
  const links = origin ? [{ context: origin }] : [];
  const span = trace
    .getTracer('@patchbay/workflows')
    .startSpan('deliver webhook', { kind: SpanKind.CLIENT, root: true, links, attributes }, ROOT_CONTEXT);
  try {
    const attempted = await context.with(trace.setSpan(ROOT_CONTEXT, span), send);
    if (attempted.kind === 'answered') span.setAttribute(ATTR.httpStatus, attempted.status);
    else span.setStatus({ code: SpanStatusCode.ERROR, message: attempted.kind });
    return attempted;
  } finally {
    span.end();
  }
}
