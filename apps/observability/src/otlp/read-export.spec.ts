import { describe, expect, it } from '@jest/globals';
import { readExport } from './read-export.ts';

const NOW_MS = 1_795_000_000_000;
const HOUR_MS = 3_600_000;
const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const SPAN_ID = 'b7ad6b7169203331';
const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });

const aSpan = (over: Record<string, unknown> = {}) => ({
  traceId: TRACE_ID,
  spanId: SPAN_ID,
  parentSpanId: '00f067aa0ba902b7',
  name: 'turn',
  kind: 2,
  startTimeUnixNano: `${NOW_MS}000001`,
  endTimeUnixNano: `${NOW_MS + 5}000002`,
  attributes: [],
  status: { code: 2 },
  ...over,
});
const read = (span: unknown, organizationId: string | null = null) =>
  readExport(
    [{ resource: { attributes: [text('service.name', 'runner')] }, scopeSpans: [{ spans: [span] }] }],
    organizationId,
    NOW_MS,
  );
const reasonOf = (span: unknown) => read(span).rejected.reasons[0];

describe('a span of an export', () => {
  it('is stored under a key made of itself', () => {
    expect(read(aSpan()).spans).toEqual([
      {
        org_id: 'platform',
        trace_id: TRACE_ID,
        stored_id: `evt_0${NOW_MS.toString(16)}${SPAN_ID}`,
        parent_span_id: '00f067aa0ba902b7',
        session_id: null,
        name: 'turn',
        kind: 2,
        service: 'runner',
        start_unix_nano: `${NOW_MS}000001`,
        duration_ns: '5000001',
        status: 2,
        attributes: '{}',
      },
    ]);
  });

  it('belongs to the organization and the session it names', () => {
    const attributes = [text('app.org.id', 'org_1'), text('gen_ai.conversation.id', 'ses_1')];

    expect(read(aSpan({ attributes })).spans[0]).toMatchObject({ org_id: 'org_1', session_id: 'ses_1' });
  });

  it('belongs to the sender where the sender is an organization, whatever it says', () => {
    const attributes = [text('app.org.id', 'org_victim')];

    const [span] = read(aSpan({ attributes }), 'org_sender').spans;

    expect(span).toMatchObject({ org_id: 'org_sender', attributes: '{"app.org.id":"org_sender"}' });
  });

  it("is the platform's where the organization it names is none", () => {
    expect(read(aSpan({ attributes: [text('app.org.id', 'no org')] })).spans[0]?.org_id).toBe('platform');
    expect(read(aSpan({ attributes: [{ key: 'app.org.id', value: { intValue: 7 } }] })).spans[0]?.org_id).toBe(
      'platform',
    );
  });

  it('may have ids in capitals, no parent, no end and times as numbers', () => {
    const [span] = read(
      aSpan({
        traceId: TRACE_ID.toUpperCase(),
        parentSpanId: '',
        startTimeUnixNano: NOW_MS * 1e6,
        endTimeUnixNano: undefined,
      }),
    ).spans;

    expect(span).toMatchObject({ trace_id: TRACE_ID, parent_span_id: null, duration_ns: '0' });
  });

  it('never carries what PostgreSQL refuses', () => {
    const [span] = read(
      aSpan({ name: 'a\0b\nc\ud800', kind: 99, status: { code: 'ERROR' }, endTimeUnixNano: '1' }),
    ).spans;

    expect(span).toMatchObject({ name: 'a\ufffdb\ufffdc\ufffd', kind: 0, status: 0, duration_ns: '0' });
  });

  it.each([
    ['an id that is not hexadecimal', { traceId: 'x'.repeat(32) }, 'the trace id or the span id is not hexadecimal'],
    ['an id of zeros', { spanId: '0'.repeat(16) }, 'the trace id or the span id is not hexadecimal'],
    ['a base64 id', { traceId: 'CvdlGRbNQ92ESOshHIAxnA==' }, 'the trace id or the span id is not hexadecimal'],
    ['no start', { startTimeUnixNano: undefined }, 'startTimeUnixNano is not a time in nanoseconds'],
    [
      'a start of yesterday morning',
      { startTimeUnixNano: `${NOW_MS - 25 * HOUR_MS}000000` },
      'it began more than 24 hours ago',
    ],
    [
      'a start next year',
      { startTimeUnixNano: `${NOW_MS + 9_000 * HOUR_MS}000000` },
      'it lies more than an hour in the future',
    ],
    [
      'an end next year',
      { endTimeUnixNano: `${NOW_MS + 9_000 * HOUR_MS}000000` },
      'it lies more than an hour in the future',
    ],
    [
      'huge attributes',
      { attributes: [text('a', 'x'.repeat(70_000))] },
      'its attributes are longer than 65536 characters',
    ],
  ])('is rejected with %s', (_what, over, reason) => {
    expect(reasonOf(aSpan(over))).toBe(reason);
  });

  it('is rejected where it is no span at all', () => {
    expect(reasonOf(null)).toBe('the trace id or the span id is not hexadecimal');
  });
});

describe('an export', () => {
  it('keeps its good spans and counts the others', () => {
    const spans = [aSpan(), null, aSpan({ spanId: 'x' }), aSpan({ startTimeUnixNano: '1' })];

    const { spans: stored, rejected } = readExport([{ scopeSpans: [{ spans }] }], null, NOW_MS);

    expect(stored.map(({ service }) => service)).toEqual(['unknown_service']);
    expect(rejected).toEqual({
      count: 3,
      reasons: ['the trace id or the span id is not hexadecimal', 'startTimeUnixNano is not a time in nanoseconds'],
    });
  });

  it.each([[[]], [[null]], [['text']], [[{ scopeSpans: {} }]], [[{ scopeSpans: [{ spans: 'none' }] }]]])(
    'of nothing (%j) stores nothing',
    (resourceSpans) => {
      expect(readExport(resourceSpans, null, NOW_MS)).toEqual({ spans: [], rejected: { count: 0, reasons: [] } });
    },
  );
});
