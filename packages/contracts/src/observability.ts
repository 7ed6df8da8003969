import { z } from 'zod';
import { rpc } from './define.ts';
import { OrganizationScope } from './identity.ts';

export const Span = z
  .object({
    traceId: z.string(),
    spanId: z.string(),
    parentSpanId: z.string().nullable(),
    name: z.string(),
    kind: z.enum(['unspecified', 'internal', 'server', 'client', 'producer', 'consumer']),
    service: z.string(),
    /** Unix time in nanoseconds; a string, because it does not fit a JSON number. */
    startUnixNano: z.string(),
    durationMs: z.number(),
    status: z.enum(['unset', 'ok', 'error']),
    attributes: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'Span' });
export type Span = z.infer<typeof Span>;

/** Spans of calls. Services and edges send theirs by OTLP. */
export const observability = {
  ingestSpans: rpc('observability.v1.ingest_spans', {
    summary: 'Store the spans of an OTLP export as the organization’s own.',
    input: OrganizationScope.extend({
      /** `resourceSpans` of an OTLP/JSON export request. */
      resourceSpans: z.array(z.unknown()),
    }),
    output: z.object({ accepted: z.int(), rejected: z.int() }),
  }),
  listSpans: rpc('observability.v1.list_spans', {
    summary: 'List the spans of one session or one trace, by start time.',
    input: OrganizationScope.extend({
      sessionId: z.string().max(200).optional(),
      traceId: z
        .string()
        .regex(/^[0-9a-f]{32}$/, 'is not 32 hexadecimal digits')
        .optional(),
    }),
    output: z.object({ spans: z.array(Span) }),
  }),
};
