import { useEffect, useMemo } from 'react';
import type { Span } from '@patchbay/contracts/observability';
import { elapsedMs, formatOffset } from '../frame/format.ts';
import { Loading } from '../frame/notice.tsx';
import { navigate } from '../frame/navigation.tsx';
import { PageProblem } from '../frame/page-problem.tsx';
import { useAccess } from '../gateway/access.ts';
import { useResource } from '../gateway/use-resource.ts';
import type { Timeline } from '../call/timeline.ts';
import { groupByTrace } from './trace-layout.ts';
import { Waterfall } from './waterfall.tsx';

interface TracePanelProps {
  timeline: Timeline;
  traceId: string;
  /** Whether more spans may come. */
  mayGrow(): boolean;
}

const close = () => navigate(window.location.pathname, { replace: true });

export function TracePanel({ timeline, traceId, mayGrow }: TracePanelProps) {
  const { apiKey } = useAccess();
  const { data, problem } = useResource<{ spans: Span[] }>({
    path: `/v1/sessions/${timeline.session.sessionId}/spans`,
    apiKey,
    isChanging: mayGrow,
  });
  const traces = useMemo(() => groupByTrace(data?.spans ?? []), [data]);
  useEscape(close);
  return (
    <section className="panel trace">
      <header>
        <h2>{titleOf(timeline, traceId)}</h2>
        <button type="button" className="close" onClick={close} aria-label="Close the trace">
          <svg viewBox="0 0 16 16" aria-hidden="true">
            <path d="m4 4 8 8m0-8-8 8" />
          </svg>
        </button>
        <code className="quiet">{traceId}</code>
      </header>
      <PageProblem problem={problem} hasData={data !== null} />
      {data && <Waterfall spans={traces.get(traceId) ?? []} mayGrow={mayGrow()} />}
      {!data && !problem && <Loading what="the trace" />}
    </section>
  );
}

function titleOf({ session, entries }: Timeline, traceId: string): string {
  const turn = entries.find((entry) => entry.kind === 'turn' && entry.traceId === traceId);
  if (turn?.kind !== 'turn') return 'Trace';
  return `Trace of the ${turn.role}’s turn at ${formatOffset(elapsedMs(session.startedAt, turn.at))}`;
}

function useEscape(act: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => event.key === 'Escape' && act();
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [act]);
}
