import { Fact } from '../frame/fact.tsx';
import { elapsedMs, formatCallDuration, formatMoment } from '../frame/format.ts';
import { useNow } from '../frame/use-now.ts';
import { SessionState } from '../sessions/session-state.tsx';
import { invocationsOf, isProblem, type Timeline } from './timeline.ts';

export function CallFacts({ timeline: { session, entries, next } }: { timeline: Timeline }) {
  const now = useNow(session.state === 'live');
  const invocations = invocationsOf(entries);
  const problems = invocations.filter(isProblem).length;
  const { startedAt, endedAt, callerNumber, calledNumber } = session;
  return (
    <header className="facts">
      <h1>
        {session.agentName} <SessionState session={session} />
      </h1>
      <dl>
        <Fact name="Started">
          <time dateTime={startedAt}>{formatMoment(startedAt, now)}</time>
        </Fact>
        <Fact name="Duration">{formatCallDuration(elapsedMs(startedAt, endedAt ?? now.toISOString()))}</Fact>
        <Fact name="Channel">
          {session.channel}, {session.direction}
        </Fact>
        <Fact name="Caller">{callerNumber}</Fact>
        <Fact name="Called">{calledNumber}</Fact>
        <Fact name="Turns">{session.turns}</Fact>
        <Fact name="Invocations">
          {invocations.length}
          {next !== null && ' or more'}
          {problems > 0 && <span className="bad-text">{`, ${problems} with a problem`}</span>}
        </Fact>
        <Fact name="Ended because">{session.endReason}</Fact>
        <Fact name="Agent version">
          <code>{session.agentVersion}</code>
        </Fact>
        <Fact name="Edge">
          <code>{session.edgeId}</code>
        </Fact>
        <Fact name="Call id of the edge">{session.edgeCallId && <code>{session.edgeCallId}</code>}</Fact>
      </dl>
    </header>
  );
}
