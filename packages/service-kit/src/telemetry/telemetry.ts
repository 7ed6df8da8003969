import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { randomUUID } from 'node:crypto';

export interface TelemetryOptions {
  serviceName: string;
  serviceVersion: string;
  /** OTLP/HTTP endpoints that each get every span; full URLs ending in `/v1/traces`. */
  urls: string[];
}

export interface Telemetry {
  /** Sends what is still queued, within `timeoutMs`; never throws: a collector that is down must not hold a shutdown. */
  stop(timeoutMs?: number): Promise<void>;
}

/**
 * Queue sizes: at most 16 batches wait, because beyond about 30 the processor's flush rejects with
 * "Concurrent export limit reached" (sdk-trace 3.1, measured). A neighbour that restarts within the export timeout loses nothing.
 */
const QUEUE = { maxQueueSize: 8192, maxExportBatchSize: 512, scheduledDelayMillis: 500, exportTimeoutMillis: 30_000 };

/** Installs the one tracer provider of this process. Only W3C trace context travels; baggage never. */
export function startTelemetry({ serviceName, serviceVersion, urls }: TelemetryOptions): Telemetry {
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      'service.name': serviceName,
      'service.version': serviceVersion,
      'service.instance.id': randomUUID(),
    }),
    spanLimits: { attributeValueLengthLimit: 1024, attributeCountLimit: 64, linkCountLimit: 16 },
    spanProcessors: urls.map(
      (url) =>
        new BatchSpanProcessor({
          exporter: new OTLPTraceExporter({ url, timeoutMillis: QUEUE.exportTimeoutMillis }),
          ...QUEUE,
        }),
    ),
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(provider);

  return {
    async stop(timeoutMs = 5_000) {
      let timer: NodeJS.Timeout | undefined;
      const limit = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, timeoutMs);
      });
      await Promise.race([provider.shutdown(), limit]).catch((cause: unknown) => {
        process.stderr.write(`telemetry: spans were lost at shutdown: ${String(cause)}\n`);
      });
      clearTimeout(timer);
      trace.disable();
      context.disable();
      propagation.disable();
    },
  };
}

/** The operator's endpoint is a base URL by OTLP's specification; ours is complete. */
export function otlpUrls(env: { OBSERVABILITY_OTLP_URL?: string; OTEL_EXPORTER_OTLP_ENDPOINT?: string }): string[] {
  const own = env.OBSERVABILITY_OTLP_URL ? [env.OBSERVABILITY_OTLP_URL] : [];
  const operators = env.OTEL_EXPORTER_OTLP_ENDPOINT
    ? [`${env.OTEL_EXPORTER_OTLP_ENDPOINT.replace(/\/$/, '')}/v1/traces`]
    : [];
  return [...own, ...operators];
}
