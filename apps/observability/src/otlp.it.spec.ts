import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { context, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { newId } from '@patchbay/service-kit/identity/new-id';
import { gzipSync } from 'node:zlib';
import pg from 'pg';
import {
  namesOf,
  newTrace,
  resourceSpans,
  runObservability,
  text,
  type RunningObservability,
  type SentSpan,
} from '../testing/running-observability.ts';

let running: RunningObservability;
beforeAll(async () => {
  running = await runObservability();
});
afterAll(() => running?.stop());

const organizationId = newId('organization');
const own = (name: string, traceId: string): SentSpan => ({
  traceId,
  name,
  attributes: [text('app.org.id', organizationId)],
});

describe('OTLP over HTTP', () => {
  it("stores what OpenTelemetry's own exporter sends", async () => {
    const exporter = new OTLPTraceExporter({ url: `${running.service.url}/v1/traces` });
    const resource = resourceFromAttributes({ 'service.name': 'edge' });
    const provider = new TracerProvider({ resource, spanProcessors: [new SimpleSpanProcessor({ exporter })] });
    const attributes = { 'app.org.id': organizationId, count: 3, ratio: 0.5, names: ['a', 'b'] };
    // Its own clock may give both the same moment, or the child the earlier one.
    const parent = provider.getTracer('test').startSpan('parent', { attributes, startTime: Date.now() - 10 });
    const child = provider
      .getTracer('test')
      .startSpan('child', { attributes }, trace.setSpan(context.active(), parent));
    child.end();
    parent.end();
    await provider.shutdown();

    const { spans } = await running.client.listSpans({ organizationId, traceId: parent.spanContext().traceId });

    expect(namesOf(spans)).toEqual(['parent', 'child']);
    expect(spans[1]).toMatchObject({ parentSpanId: spans[0]!.spanId, service: 'edge', kind: 'internal', attributes });
  });

  it('stores a compressed export', async () => {
    const traceId = newTrace();
    const body = gzipSync(JSON.stringify({ resourceSpans: resourceSpans(own('compressed', traceId)) }));

    const reply = await running.post(body, { 'content-encoding': 'gzip' });

    expect([reply.status, await reply.json()]).toEqual([200, {}]);
    expect(namesOf((await running.client.listSpans({ organizationId, traceId })).spans)).toEqual(['compressed']);
  });

  it('gives every character of an attribute back', async () => {
    const traceId = newTrace();
    const value = 'a "quoted", \\back\\slashed\n{line}\twith NULL, \0, \ud800, é and 🙂';

    await running.send({
      traceId,
      name: 'NULL, "{}" \\',
      attributes: [text('app.org.id', organizationId), text('value', value)],
    });

    const { spans } = await running.client.listSpans({ organizationId, traceId });
    expect(spans).toMatchObject([{ name: 'NULL, "{}" \\', attributes: { value } }]);
  });

  it('stores a span once, however often it is sent', async () => {
    const once = { ...own('once', newTrace()), spanId: 'b7ad6b7169203331', startMs: Date.now() };

    const replies = [await running.send(once, once), await running.send(once)];

    expect(replies.map(({ status }) => status)).toEqual([200, 200]);
    expect(namesOf((await running.client.listSpans({ organizationId, traceId: once.traceId })).spans)).toEqual([
      'once',
    ]);
  });

  it('stores the good spans of an export and says how many are not', async () => {
    const traceId = newTrace();

    const reply = await running.send(
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
    expect(namesOf((await running.client.listSpans({ organizationId, traceId })).spans)).toEqual(['good']);
  });

  it.each([
    ['protobuf', '', { 'content-type': 'application/x-protobuf' }, 415, /set OTEL_EXPORTER_OTLP_PROTOCOL=http\/json/],
    ['another compression', '{}', { 'content-encoding': 'br' }, 415, /set OTEL_EXPORTER_OTLP_COMPRESSION=gzip or none/],
    ['malformed JSON', '{"resourceSpans":', {}, 400, /The body is not valid JSON/],
    ['broken gzip', 'no gzip', { 'content-encoding': 'gzip' }, 400, /The body is not valid gzip/],
    ['something that is no export', '{"resourceSpans":7}', {}, 400, /resourceSpans must be an array/],
  ])('refuses %s with a way out', async (_what, body, headers, status, message) => {
    const reply = await running.post(body, headers);

    expect(reply.status).toBe(status);
    expect(await reply.json()).toMatchObject({ message: expect.stringMatching(message) });
  });

  it('refuses more than 8 MiB, also where it was compressed to less', async () => {
    const large = Buffer.alloc(8 * 1024 * 1024 + 1, ' ');

    const replies = [await running.post(large), await running.post(gzipSync(large), { 'content-encoding': 'gzip' })];

    expect(replies.map(({ status }) => status)).toEqual([413, 413]);
  });
});

describe('OTLP over HTTP when the database is slow or fails', () => {
  let admin: pg.Client;

  beforeAll(async () => {
    admin = new pg.Client({ connectionString: running.database.superuserUrl });
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
    const taken = running.send(own('first', traceId), own('second', traceId));
    await someoneWaits();

    const refused = await running.send(own('third', traceId));
    await admin.query('commit');

    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '4']);
    expect((await taken).status).toBe(200);
    expect(namesOf((await running.client.listSpans({ organizationId, traceId })).spans).sort()).toEqual([
      'first',
      'second',
    ]);
  });

  it('refuses the spans of an edge in the same way', async () => {
    await admin.query('begin');
    await admin.query('lock table spans in access exclusive mode');
    const taken = running.send(own('first', newTrace()), own('second', newTrace()));
    await someoneWaits();

    const refused = running.client.ingestSpans({
      organizationId,
      resourceSpans: resourceSpans(own('third', newTrace())),
    });

    await expect(refused).rejects.toMatchObject({ code: 'overloaded' });
    await admin.query('commit');
    expect((await taken).status).toBe(200);
  });

  it('tells exporters to come back when the spans could not be stored', async () => {
    const once = { ...own('in the end', newTrace()), spanId: 'b7ad6b7169203331', startMs: Date.now() };
    await admin.query('alter table spans rename to hidden');
    const failed = await running.send(once);
    await admin.query('alter table hidden rename to spans');

    const again = await running.send(once);

    expect([failed.status, failed.headers.get('retry-after'), again.status]).toEqual([503, '4', 200]);
    expect(namesOf((await running.client.listSpans({ organizationId, traceId: once.traceId })).spans)).toEqual([
      'in the end',
    ]);
  });

  it('counts what became of every span', async () => {
    const metrics = await (await fetch(`${running.service.url}/metrics`)).text();

    expect(metrics).toMatch(/patchbay_otlp_spans_total\{fate="stored"\} [1-9]/);
    expect(metrics).toMatch(/patchbay_otlp_spans_total\{fate="rejected"\} 2/);
    expect(metrics).toMatch(/patchbay_otlp_spans_total\{fate="failed"\} 1/);
    expect(metrics).toMatch(/patchbay_otlp_refused_exports_total 2/);
  });
});
