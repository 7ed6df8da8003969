import type { Span } from '@patchbay/contracts/observability';

export interface TraceRow {
  span: Span;
  /** How many spans of this trace are above it. */
  depth: number;
  /** From the start of the first span, in milliseconds. */
  offsetMs: number;
  /** Where its bar begins and how long it is, as parts of the whole picture (0 to 1). */
  start: number;
  width: number;
}

export interface TraceLayout {
  totalMs: number;
  rows: TraceRow[];
}

/** The spans of each trace, in the order in which they came. */
export function groupByTrace(spans: readonly Span[]): Map<string, Span[]> {
  return Map.groupBy(spans, ({ traceId }) => traceId);
}

/** A waterfall: parents before their children, siblings by start. A span whose parent is not there stands at the left. */
export function layoutTrace(spans: readonly Span[]): TraceLayout {
  if (spans.length === 0) return { totalMs: 0, rows: [] };
  const startNano = spans.reduce((least, span) => minimum(least, startOf(span)), startOf(spans[0]!));
  const placed = orderByTree(spans).map(({ span, depth }) => ({
    span,
    depth,
    // As a difference the nanoseconds fit a number again.
    offsetMs: Number(startOf(span) - startNano) / 1e6,
  }));
  const totalMs = placed.reduce((lastMs, { span, offsetMs }) => Math.max(lastMs, offsetMs + span.durationMs), 0);
  const part = (ms: number) => (totalMs > 0 ? ms / totalMs : 0);
  return {
    totalMs,
    rows: placed.map((row) => ({ ...row, start: part(row.offsetMs), width: part(row.span.durationMs) })),
  };
}

/** Round numbers for the time axis: at most five, from 0 up to the end. */
export function axisTicks(totalMs: number): number[] {
  if (!(totalMs > 0)) return [0];
  const roughMs = totalMs / 4;
  const magnitude = 10 ** Math.floor(Math.log10(roughMs));
  const stepMs = [1, 2, 5, 10].map((factor) => factor * magnitude).find((candidate) => candidate >= roughMs)!;
  return Array.from({ length: Math.floor(totalMs / stepMs) + 1 }, (_, index) => index * stepMs);
}

function orderByTree(spans: readonly Span[]): Array<{ span: Span; depth: number }> {
  const byStart = [...spans].sort((left, right) => Number(startOf(left) - startOf(right)));
  const children = Map.groupBy(byStart, ({ parentSpanId }) => parentSpanId);
  const known = new Set(spans.map(({ spanId }) => spanId));
  const seen = new Set<Span>();
  const ordered: Array<{ span: Span; depth: number }> = [];
  const walk = (root: Span) => {
    // A stack of our own: spans come from outside, and a long chain of them must not end the page.
    const waiting = [{ span: root, depth: 0 }];
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      if (seen.has(next.span)) continue;
      seen.add(next.span);
      ordered.push(next);
      const below = children.get(next.span.spanId) ?? [];
      const depth = next.depth + 1;
      waiting.push(...below.toReversed().map((span) => ({ span, depth })));
    }
  };
  byStart.filter(({ parentSpanId }) => parentSpanId === null || !known.has(parentSpanId)).forEach(walk);
  // Whatever is left names its own descendant as its parent: shown, rather than lost.
  byStart.forEach((span) => seen.has(span) || walk(span));
  return ordered;
}

function startOf(span: Span): bigint {
  return BigInt(span.startUnixNano);
}

function minimum(left: bigint, right: bigint): bigint {
  return left < right ? left : right;
}
