import { randomBytes } from 'node:crypto';
import type { OtlpSpan } from '../span-export.ts';
import type { StoredSpan } from '../trace-chain.ts';

export interface SpanContext {
  traceId: string;
  spanId: string;
}

/** The spans of the stand-in: what it was sent by OTLP, and what a platform adds of its own. */
export class SpanStore {
  readonly #spans: StoredSpan[] = [];
  readonly #sessionOf = new Map<string, string>();
  readonly #stores: (name: string) => boolean;

  constructor(stores: (name: string) => boolean) {
    this.#stores = stores;
  }

  add(body: Record<string, unknown>): Record<string, never> {
    const { resourceSpans } = body as { resourceSpans: { scopeSpans: { spans: OtlpSpan[] }[] }[] };
    for (const span of resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans))) {
      const session = span.attributes.find(({ key }) => key === 'gen_ai.conversation.id')?.value;
      if (session && 'stringValue' in session) this.#sessionOf.set(span.traceId, session.stringValue);
      this.#keep({ ...span, parentSpanId: span.parentSpanId ?? null, kind: 'internal' });
    }
    return {};
  }

  process(operation: string, traceparent: string): SpanContext {
    const [, traceId = '', parentSpanId = ''] = traceparent.split('-');
    return this.#open({ traceId, spanId: parentSpanId }, `process edge.v1.{org}.{edge}.${operation}`, 'consumer');
  }

  attempt(parent: SpanContext, tool: string): void {
    this.#open(this.execute(parent, tool), `GET /${tool}`, 'client');
  }

  execute(parent: SpanContext, tool: string): SpanContext {
    return this.#open(parent, `execute_tool ${tool}`, 'internal');
  }

  ofSession(sessionId: string): StoredSpan[] {
    return this.#spans.filter(({ traceId }) => this.#sessionOf.get(traceId) === sessionId);
  }

  #open(parent: SpanContext, name: string, kind: string): SpanContext {
    const spanId = randomBytes(8).toString('hex');
    this.#keep({ traceId: parent.traceId, spanId, parentSpanId: parent.spanId, name, kind });
    return { traceId: parent.traceId, spanId };
  }

  #keep(span: StoredSpan): void {
    if (this.#stores(span.name)) this.#spans.push(span);
  }
}
