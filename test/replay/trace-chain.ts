import type { PlayedTurn, SentRequest } from './played.ts';

/** A span as the platform stored it. */
export interface StoredSpan {
  traceId: string;
  spanId: string;
  parentSpanId: string | null;
  name: string;
  kind: string;
}

interface Link {
  title: string;
  is: (span: StoredSpan) => boolean;
}

const PROCESS: Link = { title: 'process', is: ({ name }) => name.startsWith('process ') };
const EXECUTE_TOOL: Link = { title: 'execute_tool', is: ({ name }) => name.startsWith('execute_tool ') };
const HTTP_ATTEMPT: Link = {
  title: 'HTTP attempt',
  is: ({ name, kind }) => kind === 'client' && /^[A-Z]+( |$)/.test(name),
};

const LINKS_BEHIND_SEND: Record<SentRequest['lastLink'], Link[]> = {
  process: [PROCESS],
  execute_tool: [PROCESS, EXECUTE_TOOL],
  http_attempt: [PROCESS, EXECUTE_TOOL, HTTP_ATTEMPT],
};

/**
 * The first missing link of turn → send → process (→ execute_tool → HTTP attempt), in words, or null when every request
 * of the turn is complete. Each span must be the parent of the next one; nothing may stand between them.
 */
export function missingLink(turn: PlayedTurn, stored: StoredSpan[]): string | null {
  const spans = stored.filter(({ traceId }) => traceId === turn.traceId);
  if (turn.sent.length === 0) return null;
  if (!spans.some(({ spanId }) => spanId === turn.spanId)) return `trace ${turn.traceId} has no turn span`;
  for (const { operation, spanId, lastLink } of turn.sent) {
    const sent = spans.some((span) => span.spanId === spanId && span.parentSpanId === turn.spanId);
    const missing = sent ? missingBelow(spanId, LINKS_BEHIND_SEND[lastLink], spans) : 'send';
    if (missing) return `trace ${turn.traceId} has no ${missing} span for its ${operation}`;
  }
  return null;
}

/** A request that was repeated has several children of a kind: one complete way down is enough. */
function missingBelow(parentSpanId: string, links: Link[], spans: StoredSpan[]): string | null {
  const [link, ...rest] = links;
  if (!link) return null;
  const children = spans.filter((span) => span.parentSpanId === parentSpanId && link.is(span));
  const missing = children.map(({ spanId }) => missingBelow(spanId, rest, spans));
  return missing.includes(null) ? null : (missing[0] ?? link.title);
}
