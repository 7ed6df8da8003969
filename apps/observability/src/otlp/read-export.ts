import { ATTR } from '@patchbay/service-kit/telemetry/names';
import type { StoredSpan } from '../domain/span.ts';
import { plainAttributes } from './otlp-value.ts';

/** Spans that cannot be stored, however often they are sent. */
export interface Rejected {
  count: number;
  /** Each once. */
  reasons: string[];
}

export interface ReadExport {
  spans: StoredSpan[];
  rejected: Rejected;
}

/** Spans of the platform's own, which belong to no organization. */
export const PLATFORM = 'platform';

/** The partition of yesterday exists whenever the service runs; the one before may not. */
const MAX_AGE_MS = 24 * 3_600_000;
/** Clocks of edges differ; a span that far ahead is a wrong clock and would outlive its retention. */
const MAX_AHEAD_MS = 3_600_000;
const ATTRIBUTES_MAX_CHARACTERS = 65_536;
const TEXT_MAX_CHARACTERS = 500;

const TRACE_ID = /^(?!0{32})[0-9a-f]{32}$/;
const SPAN_ID = /^(?!0{16})[0-9a-f]{16}$/;
const ORGANIZATION = /^[a-z0-9_]{1,80}$/;
const NANOSECONDS = /^[0-9]{7,19}$/;

/**
 * Reads the `resourceSpans` of an OTLP/JSON export. With an organization, every span becomes that organization's whatever
 * its attributes say; without one (`null`), the sender is one of our services and `app.org.id` is believed.
 */
export function readExport(resourceSpans: unknown[], organizationId: string | null, nowMs: number): ReadExport {
  const spans: StoredSpan[] = [];
  const reasons: string[] = [];
  for (const resourceSpan of resourceSpans) {
    const { resource, scopeSpans } = fieldsOf(resourceSpan);
    const service = textOf(
      plainAttributes(listOf(fieldsOf(resource)['attributes']))['service.name'],
      'unknown_service',
    );
    for (const span of listOf(scopeSpans).flatMap((scopeSpan) => listOf(fieldsOf(scopeSpan)['spans']))) {
      const read = readSpan(fieldsOf(span), service, organizationId, nowMs);
      if (typeof read === 'string') reasons.push(read);
      else spans.push(read);
    }
  }
  return { spans, rejected: { count: reasons.length, reasons: [...new Set(reasons)] } };
}

/** The span, or why it cannot be stored. */
function readSpan(
  span: Record<string, unknown>,
  service: string,
  organizationId: string | null,
  nowMs: number,
): StoredSpan | string {
  const traceId = hexOf(span['traceId']);
  const spanId = hexOf(span['spanId']);
  if (!TRACE_ID.test(traceId) || !SPAN_ID.test(spanId)) return 'the trace id or the span id is not hexadecimal';
  const start = nanosecondsOf(span['startTimeUnixNano']);
  if (start === null) return 'startTimeUnixNano is not a time in nanoseconds';
  const end = nanosecondsOf(span['endTimeUnixNano']) ?? start;
  const startMs = millisecondsOf(start);
  if (startMs < nowMs - MAX_AGE_MS) return 'it began more than 24 hours ago';
  if (Math.max(startMs, millisecondsOf(end)) > nowMs + MAX_AHEAD_MS) return 'it lies more than an hour in the future';
  const attributes = plainAttributes(listOf(span['attributes']));
  if (organizationId !== null) attributes[ATTR.organizationId] = organizationId;
  const text = JSON.stringify(attributes);
  if (text.length > ATTRIBUTES_MAX_CHARACTERS)
    return `its attributes are longer than ${ATTRIBUTES_MAX_CHARACTERS} characters`;
  const parentSpanId = hexOf(span['parentSpanId']);
  return {
    org_id: organizationId ?? ownerOf(attributes),
    trace_id: traceId,
    stored_id: `evt_${startMs.toString(16).padStart(12, '0')}${spanId}`,
    parent_span_id: SPAN_ID.test(parentSpanId) ? parentSpanId : null,
    session_id: sessionOf(attributes),
    name: textOf(span['name'], ''),
    kind: smallNumberOf(span['kind'], 5),
    service,
    start_unix_nano: start,
    duration_ns: durationOf(start, end),
    status: smallNumberOf(fieldsOf(span['status'])['code'], 2),
    attributes: text,
  };
}

function ownerOf(attributes: Record<string, unknown>): string {
  const owner = attributes[ATTR.organizationId];
  return typeof owner === 'string' && ORGANIZATION.test(owner) ? owner : PLATFORM;
}

function sessionOf(attributes: Record<string, unknown>): string | null {
  const session = attributes[ATTR.conversationId];
  return typeof session === 'string' && session !== '' ? storable(session) : null;
}

function durationOf(start: string, end: string): string {
  const duration = BigInt(end) - BigInt(start);
  return duration > 0n ? String(duration) : '0';
}

/** OTLP writes 64-bit numbers as strings; some exporters send numbers. */
function nanosecondsOf(value: unknown): string | null {
  const text = typeof value === 'number' && value > 0 && value < 2 ** 63 ? String(BigInt(Math.trunc(value))) : value;
  return typeof text === 'string' && NANOSECONDS.test(text) ? text : null;
}

function millisecondsOf(nanoseconds: string): number {
  return Number(nanoseconds.slice(0, -6));
}

function smallNumberOf(value: unknown, max: number): number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= max ? (value as number) : 0;
}

function textOf(value: unknown, otherwise: string): string {
  return typeof value === 'string' && value !== '' ? storable(value) : otherwise;
}

/** Half a character, or one that controls: PostgreSQL would refuse it, or the array it travels in would change it. */
const UNSTORABLE = /\p{Cc}/gu;

function storable(text: string): string {
  return text.slice(0, TEXT_MAX_CHARACTERS).replace(UNSTORABLE, '\ufffd').toWellFormed();
}

function hexOf(value: unknown): string {
  return typeof value === 'string' ? value.toLowerCase() : '';
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
