import { connect } from '@nats-io/transport-node';
import { observability, type Span } from '@patchbay/contracts/observability';
import { startService, type RunningService } from '@patchbay/service-kit/bootstrap/start-service';
import { loadEnv } from '@patchbay/service-kit/config/env';
import { clientFor, type ClientOf } from '@patchbay/service-kit/messaging/client';
import { startNats } from '@patchbay/testing/nats-server';
import { createTestDatabase, type TestDatabase } from '@patchbay/testing/test-database';
import { randomBytes } from 'node:crypto';
import { Env } from '../src/env.ts';
import { define } from '../src/service.ts';

export interface RunningObservability {
  service: RunningService;
  client: ClientOf<typeof observability>;
  database: TestDatabase;
  post(body: string | Buffer, headers?: Record<string, string>): Promise<Response>;
  /** One export over HTTP. */
  send(...spans: SentSpan[]): Promise<Response>;
  stop(): Promise<void>;
}

/** A service that stores one batch at a time and takes nothing more while two spans wait. */
export async function runObservability(): Promise<RunningObservability> {
  const [database, server] = await Promise.all([createTestDatabase('observability'), startNats()]);
  const env = loadEnv('observability', Env, {
    DATABASE_URL: database.url,
    DATABASE_MIGRATION_URL: database.migrationUrl,
    NATS_URL: server.url,
    OBSERVABILITY_PORT: '0',
    OBSERVABILITY_BUFFERED_SPANS: '2',
    OBSERVABILITY_CONCURRENT_INSERTS: '1',
    LOG_LEVEL: 'silent',
  });
  const service = await startService(define(env));
  const nats = await connect({ servers: server.url });
  const post: RunningObservability['post'] = (body, headers = {}) =>
    fetch(`${service.url}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: body as RequestInit['body'],
    });
  return {
    service,
    client: clientFor(nats, observability),
    database,
    post,
    send: (...spans) => post(JSON.stringify({ resourceSpans: resourceSpans(...spans) })),
    async stop() {
      await nats.drain();
      await service.stop();
      await server.stop();
      await database.drop();
    },
  };
}

export interface SentSpan {
  traceId: string;
  spanId?: string;
  name: string;
  attributes?: { key: string; value: unknown }[];
  startMs?: number;
}

/** The `resourceSpans` of an OTLP/JSON export, as OpenTelemetry's exporter writes them. */
export function resourceSpans(...sent: SentSpan[]): unknown[] {
  const spans = sent.map(({ traceId, spanId, name, attributes, startMs = Date.now() }) => ({
    traceId,
    spanId: spanId ?? randomBytes(8).toString('hex'),
    name,
    kind: 1,
    startTimeUnixNano: `${startMs}000000`,
    endTimeUnixNano: `${startMs + 2}000000`,
    attributes: attributes ?? [],
    status: {},
  }));
  return [{ resource: { attributes: [text('service.name', 'runner')] }, scopeSpans: [{ spans }] }];
}

export const newTrace = () => randomBytes(16).toString('hex');
export const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });
export const namesOf = (spans: Span[]) => spans.map(({ name }) => name);
