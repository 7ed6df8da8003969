// Loaded with --import before the webhook: the usual instrumentations, every span, exported in batches.
import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider, type Span, type SpanProcessor } from '@opentelemetry/sdk-trace';
import { register } from 'node:module';

// `import pg from 'pg'` is patched only through a loader hook, and only if that is there before the import.
register('@opentelemetry/instrumentation/hook.mjs', import.meta.url);

const { WEBHOOK_OTLP_URL: url, WEBHOOK_ORGANIZATION_ID: organizationId } = process.env;
if (!url || !organizationId) throw new Error('WEBHOOK_OTLP_URL and WEBHOOK_ORGANIZATION_ID are missing');

/** Whose spans they are: the sink keeps spans by organization. */
class OrganizationMark implements SpanProcessor {
  onStart(span: Span): void {
    span.setAttribute('app.org.id', organizationId!);
  }
  onEnd(): void {}
  async forceFlush(): Promise<void> {}
  async shutdown(): Promise<void> {}
}

const provider = new TracerProvider({
  resource: resourceFromAttributes({ 'service.name': 'webhook' }),
  spanProcessors: [
    new OrganizationMark(),
    // The queue is as long as Patchbay's, so that neither of the two gets away with dropping spans.
    new BatchSpanProcessor({
      exporter: new OTLPTraceExporter({ url, timeoutMillis: 30_000 }),
      maxQueueSize: 8192,
      maxExportBatchSize: 512,
      scheduledDelayMillis: 500,
      exportTimeoutMillis: 30_000,
    }),
  ],
});
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
propagation.setGlobalPropagator(new W3CTraceContextPropagator());
trace.setGlobalTracerProvider(provider);
registerInstrumentations({
  tracerProvider: provider,
  instrumentations: [new HttpInstrumentation(), new UndiciInstrumentation(), new PgInstrumentation()],
});
