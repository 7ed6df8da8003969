import { useMemo } from 'react';
import { Loading } from '../frame/notice.tsx';
import { Link } from '../frame/navigation.tsx';
import { PageProblem } from '../frame/page-problem.tsx';
import { useAccess } from '../gateway/access.ts';
import { useResource } from '../gateway/use-resource.ts';
import { SlowestInvocations } from '../trace/slowest-invocations.tsx';
import { TracePanel } from '../trace/trace-panel.tsx';
import { CallFacts } from './call-facts.tsx';
import { completed, isSettled, type Timeline } from './timeline.ts';
import { TimelineList } from './timeline-list.tsx';

const mayChange = (timeline: Timeline) => !isSettled(timeline, Date.now());

/** `traceId` is the trace of the selected turn. */
export function CallPage({ sessionId, traceId }: { sessionId: string; traceId: string | null }) {
  const { apiKey } = useAccess();
  const { data, problem } = useResource<Timeline>({
    path: `/v1/sessions/${sessionId}/timeline`,
    apiKey,
    isChanging: mayChange,
  });
  const timeline = useMemo(() => data && completed(data), [data]);
  return (
    <section className="call">
      <title>{`${timeline?.session.agentName ?? 'Call'} · Patchbay`}</title>
      <nav className="crumbs" aria-label="Where you are">
        <Link to="/">Sessions</Link>
        <span aria-hidden="true">/</span>
        <code>{sessionId}</code>
      </nav>
      <PageProblem problem={problem} hasData={timeline !== null} />
      {timeline && <Call timeline={timeline} traceId={traceId} />}
      {!timeline && !problem && <Loading what="the call" />}
    </section>
  );
}

function Call({ timeline, traceId }: { timeline: Timeline; traceId: string | null }) {
  const mayGrow = useMemo(() => () => mayChange(timeline), [timeline]);
  return (
    <>
      <CallFacts timeline={timeline} />
      <div className="call-columns">
        <TimelineList timeline={timeline} traceId={traceId} />
        <aside aria-label="Where the time went">
          {traceId ? (
            <TracePanel timeline={timeline} traceId={traceId} mayGrow={mayGrow} />
          ) : (
            <SlowestInvocations timeline={timeline} />
          )}
        </aside>
      </div>
    </>
  );
}
