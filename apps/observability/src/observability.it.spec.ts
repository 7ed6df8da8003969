import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { context, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { observability, type Span } from '@patchbay/contracts/observability';
import { startService, type RunningService } from '@patchbay/service-kit/bootstrap/start-service';
import { loadEnv } from '@patchbay/service-kit/config/env';
import { newId } from '@patchbay/service-kit/identity/new-id';
import { clientFor, type ClientOf } from '@patchbay/service-kit/messaging/client';
import { startNats, type TestNats } from '@patchbay/testing/nats-server';
import { createTestDatabase, type TestDatabase } from '@patchbay/testing/test-database';
import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import pg from 'pg';
import { Env } from './env.ts';
import { define } from './service.ts';

let database: TestDatabase;
let server: TestNats;
let service: RunningService;
let nats: NatsConnection;
let client: ClientOf<typeof observability>;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startNats();
  service = await startService(
    define(
      loadEnv('observability', Env, {
        DATABASE_URL: database.url,
        NATS_URL: server.url,
        OBSERVABILITY_PORT: '0',
        OBSERVABILITY_BUFFERED_SPANS: '2',
        OBSERVABILITY_CONCURRENT_INSERTS: '1',
        LOG_LEVEL: 'silent',
      }),
    ),
  );
  nats = await connect({ servers: server.url });
  client = clientFor(nats, observability);
});

afterAll(async () => {
  await nats?.drain();
  await service?.stop();
  await server?.stop();
  await database?.drop();
});

const newTrace = () => randomBytes(16).toString('hex');
const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });

interface Sent {
  traceId: string;
  spanId?: string;
  name: string;
  attributes?: { key: string; value: unknown }[];
  startMs?: number;
}

function resourceSpans(...sent: Sent[]) {
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

const post = (body: string | Buffer, headers: Record<string, string> = {}) =>
  fetch(`${service.url}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: body as BodyInit,
  });
const send = (...sent: Sent[]) => post(JSON.stringify({ resourceSpans: resourceSpans(...sent) }));
const namesOf = (spans: Span[]) => spans.map(({ name }) => name);

describe('OTLP over HTTP', () => {
  const organizationId = newId('organization');
  const own = (name: string, traceId: string): Sent => ({
    traceId,
    name,
    attributes: [text('app.org.id', organizationId)],
  });

  it("stores what OpenTelemetry's own exporter sends", async () => {
    const exporter = new OTLPTraceExporter({ url: `${service.url}/v1/traces` });
    const resource = resourceFromAttributes({ 'service.name': 'edge' });
    const provider = new TracerProvider({ resource, spanProcessors: [new SimpleSpanProcessor({ exporter })] });
    const attributes = { 'app.org.id': organizationId, count: 3, ratio: 0.5, names: ['a', 'b'] };
    const parent = provider.getTracer('test').startSpan('parent', { attributes });
    const child = provider
      .getTracer('test')
      .startSpan('child', { attributes }, trace.setSpan(context.active(), parent));
    child.end();
    parent.end();
    await provider.shutdown();

    const { spans } = await client.listSpans({ organizationId, traceId: parent.spanContext().traceId });

    expect(namesOf(spans)).toEqual(['parent', 'child']);
    expect(spans[1]).toMatchObject({ parentSpanId: spans[0]!.spanId, service: 'edge', kind: 'internal', attributes });
  });

  it('stores a compressed export', async () => {
    const traceId = newTrace();
    const body = gzipSync(JSON.stringify({ resourceSpans: resourceSpans(own('compressed', traceId)) }));

    const reply = await post(body, { 'content-encoding': 'gzip' });

    expect([reply.status, await reply.json()]).toEqual([200, {}]);
    expect(namesOf((await client.listSpans({ organizationId, traceId })).spans)).toEqual(['compressed']);
  });

  it('gives every character of an attribute back', async () => {
    const traceId = newTrace();
    const value = 'a "quoted", \\back\\slashed\n{line}\twith NULL, \0, \ud800, é and 🙂';

    await send({
      traceId,
      name: 'NULL, "{}" \\',
      attributes: [text('app.org.id', organizationId), text('value', value)],
    });

    const { spans } = await client.listSpans({ organizationId, traceId });
    expect(spans).toMatchObject([{ name: 'NULL, "{}" \\', attributes: { value } }]);
  });

  it('stores a span once, however often it is sent', async () => {
    const once = { ...own('once', newTrace()), spanId: 'b7ad6b7169203331', startMs: Date.now() };

    const replies = [await send(once, once), await send(once)];

    expect(replies.map(({ status }) => status)).toEqual([200, 200]);
    expect(namesOf((await client.listSpans({ organizationId, traceId: once.traceId })).spans)).toEqual(['once']);
  });

  it('stores the good spans of an export and says how many are not', async () => {
    const traceId = newTrace();

    const reply = await send(
      own('good', traceId),
      { traceId: 'bad', name: 'bad' },
      { ...own('old', traceId), startMs: 1 },
    );

    expect(reply.status).toBe(200);
    expect(await reply.json()).toEqual({
      partialSuccess: {
        rejectedSpans: 2,
        errorMessage: 'Not stored: the trace id or the span id is not hexadecimal; it began more than 24 hours ago.',
      },
    });
    expect(namesOf((await client.listSpans({ organizationId, traceId })).spans)).toEqual(['good']);
  });

  it.each([
    ['protobuf', '', { 'content-type': 'application/x-protobuf' }, 415, /set OTEL_EXPORTER_OTLP_PROTOCOL=http\/json/],
    ['another compression', '{}', { 'content-encoding': 'br' }, 415, /set OTEL_EXPORTER_OTLP_COMPRESSION=gzip or none/],
    ['malformed JSON', '{"resourceSpans":', {}, 400, /The body is not valid JSON/],
    ['broken gzip', 'no gzip', { 'content-encoding': 'gzip' }, 400, /The body is not valid gzip/],
    ['something that is no export', '{"resourceSpans":7}', {}, 400, /resourceSpans must be an array/],
  ])('refuses %s with a way out', async (_what, body, headers, status, message) => {
    const reply = await post(body, headers);

    expect(reply.status).toBe(status);
    expect(await reply.json()).toMatchObject({ message: expect.stringMatching(message) });
  });

  it('refuses more than 8 MiB, also where it was compressed to less', async () => {
    const large = Buffer.alloc(8 * 1024 * 1024 + 1, ' ');

    const replies = [await post(large), await post(gzipSync(large), { 'content-encoding': 'gzip' })];

    expect(replies.map(({ status }) => status)).toEqual([413, 413]);
  });
});

describe('OTLP over HTTP when the database is slow or fails', () => {
  const organizationId = newId('organization');
  const own = (name: string, traceId: string): Sent => ({
    traceId,
    name,
    attributes: [text('app.org.id', organizationId)],
  });
  let admin: pg.Client;

  beforeAll(async () => {
    admin = new pg.Client({ connectionString: database.url });
    await admin.connect();
  });
  afterAll(() => admin.end());

  /** Resolves once an insert stands before the lock that `admin` holds. */
  async function someoneWaits(): Promise<void> {
    const waiting = `select 1 from pg_locks where not granted and relation = 'spans'::regclass`;
    while ((await admin.query(waiting)).rowCount === 0);
  }

  it('tells exporters to come back when too many spans wait, and stores those it took', async () => {
    const traceId = newTrace();
    await admin.query('begin');
    await admin.query('lock table spans in access exclusive mode');
    const taken = send(own('first', traceId), own('second', traceId));
    await someoneWaits();

    const refused = await send(own('third', traceId));
    await admin.query('commit');

    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '4']);
    expect((await taken).status).toBe(200);
    expect(namesOf((await client.listSpans({ organizationId, traceId })).spans).sort()).toEqual(['first', 'second']);
  });

  it('refuses the spans of an edge in the same way', async () => {
    await admin.query('begin');
    await admin.query('lock table spans in access exclusive mode');
    const taken = send(own('first', newTrace()), own('second', newTrace()));
    await someoneWaits();

    const refused = client.ingestSpans({ organizationId, resourceSpans: resourceSpans(own('third', newTrace())) });

    await expect(refused).rejects.toMatchObject({ code: 'overloaded' });
    await admin.query('commit');
    expect((await taken).status).toBe(200);
  });

  it('tells exporters to come back when the spans could not be stored', async () => {
    const once = { ...own('in the end', newTrace()), spanId: 'b7ad6b7169203331', startMs: Date.now() };
    await admin.query('alter table spans rename to hidden');
    const failed = await send(once);
    await admin.query('alter table hidden rename to spans');

    const again = await send(once);

    expect([failed.status, failed.headers.get('retry-after'), again.status]).toEqual([503, '4', 200]);
    expect(namesOf((await client.listSpans({ organizationId, traceId: once.traceId })).spans)).toEqual(['in the end']);
  });

  it('counts what became of every span', async () => {
    const metrics = await (await fetch(`${service.url}/metrics`)).text();

    expect(metrics).toMatch(/patchbay_otlp_spans_total\{fate="stored"\} [1-9]/);
    expect(metrics).toMatch(/patchbay_otlp_spans_total\{fate="rejected"\} 2/);
    expect(metrics).toMatch(/patchbay_otlp_spans_total\{fate="failed"\} 1/);
    expect(metrics).toMatch(/patchbay_otlp_refused_exports_total 2/);
  });
});

describe('ingest spans', () => {
  it("stores them as the organization's own, whatever they say", async () => {
    const organizationId = newId('organization');
    const victim = newId('organization');
    const traceId = newTrace();
    const attributes = [text('app.org.id', victim)];

    const reply = await client.ingestSpans({
      organizationId,
      resourceSpans: resourceSpans({ traceId, name: 'turn', attributes }),
    });

    expect(reply).toEqual({ accepted: 1, rejected: 0 });
    const { spans } = await client.listSpans({ organizationId, traceId });
    expect(spans).toMatchObject([{ name: 'turn', attributes: { 'app.org.id': organizationId } }]);
    expect(await client.listSpans({ organizationId: victim, traceId })).toEqual({ spans: [] });
  });

  it('counts what is no span', async () => {
    const reply = await client.ingestSpans({
      organizationId: newId('organization'),
      resourceSpans: [{ scopeSpans: [{ spans: [null, { traceId: 1 }] }] }, 'nothing'],
    });

    expect(reply).toEqual({ accepted: 0, rejected: 2 });
  });

  it('names a field that does not match the contract', async () => {
    await expect(client.ingestSpans({ organizationId: 'platform', resourceSpans: [] })).rejects.toMatchObject({
      code: 'invalid_arguments',
      details: { fields: [{ path: 'organizationId', problem: expect.any(String) }] },
    });
  });
});

describe('list spans', () => {
  it("answers, by start, all of the organization's spans in the traces of a session", async () => {
    const organizationId = newId('organization');
    const [firstTurn, secondTurn, elsewhere] = [newTrace(), newTrace(), newTrace()];
    const own = text('app.org.id', organizationId);
    const session = text('gen_ai.conversation.id', 'ses_1');
    const startMs = Date.now();
    await send(
      { traceId: secondTurn, name: 'second turn', attributes: [own, session], startMs: startMs + 20 },
      { traceId: firstTurn, name: 'process', attributes: [own], startMs: startMs + 10 },
    );
    await send(
      { traceId: firstTurn, name: 'first turn', attributes: [own, session], startMs },
      { traceId: firstTurn, name: 'send credentials', startMs: startMs + 5 },
    );
    await send(
      {
        traceId: elsewhere,
        name: 'another session',
        attributes: [own, text('gen_ai.conversation.id', 'ses_2')],
        startMs,
      },
      {
        traceId: firstTurn,
        name: 'another organization',
        attributes: [text('app.org.id', newId('organization')), session],
        startMs,
      },
    );

    const { spans } = await client.listSpans({ organizationId, sessionId: 'ses_1' });

    expect(namesOf(spans)).toEqual(['first turn', 'process', 'second turn']);
  });

  it('is empty for a session or a trace that nobody has spoken of', async () => {
    const organizationId = newId('organization');

    expect(await client.listSpans({ organizationId, sessionId: 'ses_none' })).toEqual({ spans: [] });
    expect(await client.listSpans({ organizationId, traceId: newTrace() })).toEqual({ spans: [] });
  });

  it('leaves out the latest spans where one reply cannot carry them all', async () => {
    const organizationId = newId('organization');
    const traceId = newTrace();
    const startMs = Date.now();
    const attributes = [text('large', 'x'.repeat(60_000))];
    const sent = Array.from({ length: 80 }, (_, at) => ({
      traceId,
      name: `span ${at}`,
      attributes,
      startMs: startMs + at,
    }));
    await client.ingestSpans({ organizationId, resourceSpans: resourceSpans(...sent.slice(0, 40)) });
    await client.ingestSpans({ organizationId, resourceSpans: resourceSpans(...sent.slice(40)) });

    const { spans } = await client.listSpans({ organizationId, traceId });

    expect(spans.length).toBeGreaterThan(50);
    expect(spans.length).toBeLessThan(80);
    expect(namesOf(spans)).toEqual(sent.slice(0, spans.length).map(({ name }) => name));
  });

  it('wants either a session or a trace', async () => {
    const organizationId = newId('organization');
    const refusal = { code: 'invalid_arguments', details: { fields: [{ path: 'sessionId' }, { path: 'traceId' }] } };

    await expect(client.listSpans({ organizationId })).rejects.toMatchObject(refusal);
    await expect(client.listSpans({ organizationId, sessionId: 'ses_1', traceId: newTrace() })).rejects.toMatchObject(
      refusal,
    );
  });

  it('names a trace id of the wrong form', async () => {
    await expect(client.listSpans({ organizationId: newId('organization'), traceId: 'abc' })).rejects.toMatchObject({
      code: 'invalid_arguments',
      details: { fields: [{ path: 'traceId', problem: 'is not 32 hexadecimal digits' }] },
    });
  });
});
