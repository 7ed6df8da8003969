import { describe, expect, it } from '@jest/globals';
import { Span } from '@patchbay/contracts/observability';
import { toSpan, type SpanRow } from './span.ts';

const aRow = (over: Partial<SpanRow> = {}): SpanRow => ({
  org_id: 'org_1',
  trace_id: '0af7651916cd43dd8448eb211c80319c',
  stored_id: 'evt_01a1fc12fbe0b7ad6b7169203331',
  parent_span_id: null,
  session_id: 'ses_1',
  name: 'turn',
  kind: 3,
  service: 'edge',
  start_unix_nano: '1795000000000000001',
  duration_ns: '1500000',
  status: 0,
  attributes: { a: 1 },
  ...over,
});

describe('a stored span', () => {
  it('is shown in words and milliseconds', () => {
    const span = toSpan(aRow());

    expect(Span.strict().parse(span)).toEqual(span);
    expect(span).toMatchObject({ spanId: 'b7ad6b7169203331', kind: 'client', status: 'unset', durationMs: 1.5 });
  });
});
