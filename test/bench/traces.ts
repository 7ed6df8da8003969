import { setTimeout as wait } from 'node:timers/promises';
import type { Rest } from '../replay/rest.ts';
import type { ContenderName } from './contenders/contender.ts';

interface SeenSpan {
  name: string;
  kind: string;
  attributes: Record<string, unknown>;
}

/** One span of a call that must have reached the sink. */
interface ExpectedSpan {
  what: string;
  matches(span: SeenSpan): boolean;
}

const hasAttribute = (name: string) => (span: SeenSpan) => span.attributes[name] !== undefined;
const both = (one: ExpectedSpan['matches'], other: ExpectedSpan['matches']) => (span: SeenSpan) =>
  one(span) && other(span);
const ofKind = (kind: string) => (span: SeenSpan) => span.kind === kind;
const named = (pattern: RegExp) => (span: SeenSpan) => pattern.test(span.name);

const EXPECTED: Partial<Record<ContenderName, ExpectedSpan[]>> = {
  webhookTraced: [
    { what: 'the http server', matches: both(ofKind('server'), hasAttribute('http.request.method')) },
    { what: "undici's request", matches: both(ofKind('client'), hasAttribute('http.request.method')) },
    { what: "pg's query", matches: both(ofKind('client'), named(/^pg\.query/)) },
  ],
  patchbayRead: patchbaySpans('GET'),
  patchbayWrite: patchbaySpans('POST'),
};

function patchbaySpans(method: string): ExpectedSpan[] {
  return [
    { what: 'process', matches: named(/^process edge\.v1/) },
    { what: 'execute_tool', matches: named(/^execute_tool /) },
    { what: 'the HTTP attempt', matches: both(ofKind('client'), named(new RegExp(`^${method} `))) },
  ];
}

const ARRIVE_WITHIN_MS = 10_000;
const LOOK_EVERY_MS = 250;

export function isTraced(contender: ContenderName): boolean {
  return EXPECTED[contender] !== undefined;
}

/** How many of these traces are whole at the platform's own sink. */
export async function lookAtTraces(
  rest: Rest,
  contender: ContenderName,
  traceIds: string[],
): Promise<{ looked: number; complete: number }> {
  let complete = 0;
  for (const traceId of traceIds) {
    if ((await missingSpans(rest, contender, traceId)).length === 0) complete++;
  }
  return { looked: traceIds.length, complete };
}

/**
 * Waits for the first trace of a contender: an instrumentation that does not patch is silent, and what follows would be
 * measured without the cost it stands for.
 */
export async function requireTrace(rest: Rest, contender: ContenderName, traceId: string): Promise<void> {
  const until = performance.now() + ARRIVE_WITHIN_MS;
  for (;;) {
    const missing = await missingSpans(rest, contender, traceId);
    if (missing.length === 0) return;
    if (performance.now() > until) {
      throw new Error(
        `${contender} is not traced: no span of ${missing.join(', ')} arrived within ${ARRIVE_WITHIN_MS / 1000} s.`,
      );
    }
    await wait(LOOK_EVERY_MS);
  }
}

async function missingSpans(rest: Rest, contender: ContenderName, traceId: string): Promise<string[]> {
  const reply = await rest.get(`/v1/traces/${traceId}/spans`);
  const spans = reply.at('spans').value as SeenSpan[];
  const expected = EXPECTED[contender] ?? [];
  return expected.filter(({ matches }) => !spans.some(matches)).map(({ what }) => what);
}
