import { memo, useMemo, type CSSProperties } from 'react';
import type { Span } from '@patchbay/contracts/observability';
import { formatDuration } from '../frame/format.ts';
import { axisTicks, layoutTrace, type TraceRow } from './trace-layout.ts';

/** Deeper spans keep their place in the order, but are not moved further to the right: the bars need the room. */
const DEEPEST_INDENT = 10;
/** Beyond this nobody compares bars any more, and the page would grow slow. */
const MOST_ROWS = 400;
const SERVICE_HUES = 6;

export const Waterfall = memo(function Waterfall({ spans, mayGrow }: { spans: Span[]; mayGrow: boolean }) {
  const { rows, totalMs } = useMemo(() => layoutTrace(spans), [spans]);
  if (rows.length === 0)
    return (
      <p className="quiet">
        {mayGrow ? 'No spans yet; they arrive a few seconds after the turn.' : 'No spans were recorded for this turn.'}
      </p>
    );
  const services = [...new Set(rows.map(({ span }) => span.service))];
  return (
    <figure className="waterfall">
      <figcaption>
        {rows.length} {rows.length === 1 ? 'span' : 'spans'}, {formatDuration(totalMs)}
      </figcaption>
      <Axis totalMs={totalMs} />
      <ol>
        {rows.slice(0, MOST_ROWS).map((row) => (
          <SpanRow key={row.span.spanId} row={row} hue={services.indexOf(row.span.service) % SERVICE_HUES} />
        ))}
      </ol>
      {rows.length > MOST_ROWS && <p className="quiet">{rows.length - MOST_ROWS} more spans are not drawn.</p>}
    </figure>
  );
});

function Axis({ totalMs }: { totalMs: number }) {
  return (
    <div className="axis" aria-hidden="true">
      {axisTicks(totalMs).map((tickMs) => (
        <span key={tickMs} style={{ left: percent(totalMs > 0 ? tickMs / totalMs : 0) }}>
          {formatDuration(tickMs)}
        </span>
      ))}
    </div>
  );
}

function SpanRow({ row: { span, depth, offsetMs, start, width }, hue }: { row: TraceRow; hue: number }) {
  const indent = { '--depth': Math.min(depth, DEEPEST_INDENT) } as CSSProperties;
  return (
    <li className="span" data-hue={hue} data-status={span.status} style={indent}>
      <details>
        <summary>
          <span>
            <span className="span-name">{span.name}</span>
            <span className="service">{span.service}</span>
            {span.status === 'error' && <span className="bad-text">error</span>}
          </span>
          <span className="span-ms">{formatDuration(span.durationMs)}</span>
          <span className="track" aria-hidden="true">
            <span style={{ left: percent(start), width: percent(width) }} />
          </span>
        </summary>
        <SpanFacts span={span} offsetMs={offsetMs} />
      </details>
    </li>
  );
}

function SpanFacts({ span, offsetMs }: { span: Span; offsetMs: number }) {
  const facts: Array<[string, unknown]> = [
    ['starts at', formatDuration(offsetMs)],
    ['kind', span.kind],
    ['span', span.spanId],
    ...Object.entries(span.attributes),
  ];
  return (
    <dl>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{typeof value === 'string' ? value : JSON.stringify(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

function percent(part: number): string {
  return `${100 * part}%`;
}
