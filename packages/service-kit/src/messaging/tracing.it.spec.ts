import { connect, headers, type NatsConnection } from '@nats-io/transport-node';
import { context, propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider, type ReadableSpan } from '@opentelemetry/sdk-trace';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ServiceError } from '@patchbay/contracts/errors';
import { startNats, type TestNats } from '@patchbay/testing/nats-server';
import { echo, startTiny, tiny, type Script } from '../../testing/tiny-service.ts';
import type { RunningService } from '../bootstrap/start-service.ts';
import { contextFromTraceparent, currentTraceparent } from '../telemetry/propagation.ts';
import { clientFor } from './client.ts';

const exporter = new InMemorySpanExporter();
const TRACE = '0af7651916cd43dd8448eb211c80319c';
const TRACEPARENT = `00-${TRACE}-b7ad6b7169203331-01`;
let server: TestNats;
let service: RunningService;
let nats: NatsConnection;
const script: Script = { ...echo };

beforeAll(async () => {
  // Set first, so it stays: the service's own provider exports only by OTLP.
  trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }));
  server = await startNats();
  nats = await connect({ servers: server.url, inboxPrefix: '_INBOX_edge_1' });
  service = await startTiny(server.url, script);
});

beforeEach(() => {
  Object.assign(script, echo);
  exporter.reset();
});

afterAll(async () => {
  await service.stop();
  await nats.drain();
  await server.stop();
});

function span(name: string): ReadableSpan {
  const found = exporter.getFinishedSpans().find((one) => one.name === name);
  if (!found) throw new Error(`no span ${name}`);
  return found;
}

async function send(subject: string, marks: Record<string, string>): Promise<void> {
  const sent = headers();
  for (const [name, value] of Object.entries(marks)) sent.set(name, value);
  await nats.request(subject, '{}', { timeout: 10_000, headers: sent });
}

describe('a request between services', () => {
  it('is one trace: whoever asks, send, process, and what the handler does', async () => {
    const tracer = trace.getTracer('test');
    script.run = async () => {
      tracer.startSpan('inside').end();
      return { text: '' };
    };

    await tracer.startActiveSpan('asking', async (asking) => {
      await clientFor(nats, tiny).run({});
      asking.end();
    });

    const chain = ['asking', 'send tiny.v1.run', 'process tiny.v1.run', 'inside'].map(span);
    expect(new Set(chain.map((one) => one.spanContext().traceId)).size).toBe(1);
    expect(chain.slice(1).map((one) => one.parentSpanContext?.spanId)).toEqual(
      chain.slice(0, 3).map((one) => one.spanContext().spanId),
    );
    expect(chain.map(({ kind }) => kind)).toEqual([
      SpanKind.INTERNAL,
      SpanKind.PRODUCER,
      SpanKind.CONSUMER,
      SpanKind.INTERNAL,
    ]);
    expect(span('process tiny.v1.run').attributes).toEqual({
      'messaging.system': 'nats',
      'messaging.operation.type': 'process',
      'messaging.destination.template': 'tiny.v1.run',
      'messaging.consumer.group.name': 'tiny',
    });
  });

  it('carries the trace, and never baggage', async () => {
    const sent: string[][] = [];
    const subscription = nats.subscribe('tiny.v1.run', {
      callback: (_error, message) => void sent.push([...(message.headers?.keys() ?? [])]),
    });
    const active = propagation.setBaggage(context.active(), propagation.createBaggage({ caller: { value: '+1555' } }));

    await context.with(active, () => clientFor(nats, tiny).run({}));
    await nats.flush();
    subscription.unsubscribe();

    expect(sent).toEqual([['patchbay-deadline-ms', 'traceparent']]);
  });

  it('that fails says so on both sides', async () => {
    script.run = () => Promise.reject(new Error('broken'));

    await expect(clientFor(nats, tiny).run({})).rejects.toMatchObject({ code: 'internal' });

    for (const name of ['send tiny.v1.run', 'process tiny.v1.run']) {
      expect(span(name)).toMatchObject({
        status: { code: SpanStatusCode.ERROR },
        attributes: { 'error.type': 'internal' },
      });
    }
  });

  it('that is refused for the caller’s own fault is no error of the service', async () => {
    script.run = () => Promise.reject(new ServiceError('conflict', 'It is taken.'));

    await expect(clientFor(nats, tiny).run({})).rejects.toMatchObject({ code: 'conflict' });

    expect(span('process tiny.v1.run')).toMatchObject({
      status: { code: SpanStatusCode.UNSET },
      attributes: { 'error.type': 'conflict' },
    });
  });
});

describe('a request of an edge', () => {
  it('continues the trace in its headers and names the edge, not its subject', async () => {
    await send('edge.v1.org_1.edge_1.probe', { traceparent: TRACEPARENT });

    const processed = span('process edge.v1.{org}.{edge}.probe');
    expect(processed.spanContext().traceId).toBe(TRACE);
    expect(processed.parentSpanContext?.spanId).toBe('b7ad6b7169203331');
    expect(processed.attributes).toMatchObject({ 'app.org.id': 'org_1', 'voice.edge.id': 'edge_1' });
  });

  it.each([
    ['no traceparent', {}],
    ['a broken traceparent', { traceparent: '00-zz-zz-01' }],
    ['a traceparent of nothing but zeros', { traceparent: `00-${'0'.repeat(32)}-${'0'.repeat(16)}-01` }],
    ['a header in capitals', { Traceparent: TRACEPARENT }],
  ])('with %s begins a trace', async (_what, marks) => {
    await send('edge.v1.org_1.edge_1.probe', marks);

    const processed = span('process edge.v1.{org}.{edge}.probe');
    expect(processed.parentSpanContext).toBeUndefined();
    expect(processed.spanContext().traceId).toMatch(/^[0-9a-f]{32}$/);
  });
});

describe('a trace that is stored beside a row', () => {
  it('can be taken up again', () => {
    const stored = context.with(contextFromTraceparent(TRACEPARENT, ROOT_CONTEXT), currentTraceparent);

    expect(stored).toBe(TRACEPARENT);
    expect(contextFromTraceparent(null, ROOT_CONTEXT)).toBe(ROOT_CONTEXT);
    expect(context.with(ROOT_CONTEXT, currentTraceparent)).toBeNull();
  });
});
