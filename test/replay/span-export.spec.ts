import { describe, expect, it } from '@jest/globals';
import { ParsedJson } from './parsed-json.ts';
import { SpanExport } from './span-export.ts';
import type { OtlpSpan } from './span-export.ts';
import { OpenSpan } from './traces.ts';

interface Export {
  resourceSpans: { resource: unknown; scopeSpans: { spans: OtlpSpan[] }[] }[];
}

function exporterInto(received: Export[], reply: unknown = {}) {
  const deliver = async (_path: string, body: unknown) => {
    received.push(body as Export);
    return new ParsedJson(reply, 'the export');
  };
  return new SpanExport({ deliver }, { 'service.name': 'patchbay-replay' });
}

function spansOf(received: Export[]): OtlpSpan[] {
  return received.flatMap(({ resourceSpans }) =>
    resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)),
  );
}

describe('spans', () => {
  it('are sent as OTLP/JSON with their parent, in the trace of their turn', async () => {
    const received: Export[] = [];
    const spans = exporterInto(received);
    const turn = new OpenSpan(
      { name: 'turn', kind: 'internal', parent: null, attributes: { 'voice.turn.index': 2 } },
      spans.add.bind(spans),
    );
    const send = new OpenSpan({ name: 'send', kind: 'producer', parent: turn, attributes: {} }, spans.add.bind(spans));
    send.end();
    turn.end();
    await spans.flush();

    const [first, second] = spansOf(received);
    expect(first).toMatchObject({ name: 'send', kind: 4, traceId: turn.traceId, parentSpanId: turn.spanId, flags: 1 });
    expect(second).toMatchObject({
      name: 'turn',
      kind: 1,
      attributes: [{ key: 'voice.turn.index', value: { intValue: '2' } }],
    });
    expect(BigInt(second?.endTimeUnixNano ?? 0)).toBeGreaterThanOrEqual(BigInt(second?.startTimeUnixNano ?? 1));
    expect(send.traceparent).toBe(`00-${turn.traceId}-${send.spanId}-01`);
  });

  it('are all delivered, in batches that stay small', async () => {
    const received: Export[] = [];
    const spans = exporterInto(received);
    for (let count = 0; count < 600; count++)
      new OpenSpan({ name: 'turn', kind: 'internal', parent: null, attributes: {} }, spans.add.bind(spans)).end();
    const problems = await spans.flush();

    expect(problems).toEqual([]);
    expect(spansOf(received)).toHaveLength(600);
    expect(received.length).toBe(3);
  });

  it('that were rejected are reported', async () => {
    const spans = exporterInto([], { partialSuccess: { rejectedSpans: '1' } });
    new OpenSpan({ name: 'turn', kind: 'internal', parent: null, attributes: {} }, spans.add.bind(spans)).end();

    expect(await spans.flush()).toEqual(['1 of 1 spans were rejected']);
  });
});
