import { useEffect, useMemo } from 'react';
import { Loading } from '../frame/notice.tsx';
import { Link } from '../frame/navigation.tsx';
import { PageProblem } from '../frame/page-problem.tsx';
import { SlowestInvocations } from '../trace/slowest-invocations.tsx';
import { TracePanel } from '../trace/trace-panel.tsx';
import { CallFacts } from './call-facts.tsx';
import { isSettled, type Timeline } from './timeline.ts';
import { TimelineList } from './timeline-list.tsx';
import { useTimeline } from './use-timeline.ts';

/** `traceId` is the trace of the selected turn. */
export function CallPage({ sessionId, traceId }: { sessionId: string; traceId: string | null }) {
  const { timeline, problem, showMore } = useTimeline(sessionId);
  const isElsewhere = traceId !== null && timeline !== null && !timeline.entries.some((entry) => entry.traceId === traceId);
  useEffect(() => {
    // A link may lead to a turn on a later page.
    if (isElsewhere) showMore?.();
  }, [isElsewhere, showMore]);
  return (
    <section className="call">
      <title>{`${timeline?.session.agentName ?? 'Call'} · Patchbay`}</title>
      <nav className="crumbs" aria-label="Where you are">
        <Link to="/">Sessions</Link>
        <span aria-hidden="true">/</span>
        <code>{sessionId}</code>
      </nav>
      <PageProblem problem={problem} hasData={timeline !== null} />
      {timeline && <Call timeline={timeline} traceId={traceId} showMore={showMore} />}
      {!timeline && !problem && <Loading what="the call" />}
    </section>
  );
}

function Call({ timeline, traceId, showMore }: { timeline: Timeline; traceId: string | null; showMore: (() => void) | null }) {
  const mayGrow = useMemo(() => () => !isSettled(timeline, Date.now()), [timeline]);
  return (
    <>
      <CallFacts timeline={timeline} />
      <div className="call-columns">
        <TimelineList timeline={timeline} traceId={traceId} showMore={showMore} />
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
