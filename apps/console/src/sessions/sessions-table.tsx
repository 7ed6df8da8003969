import { memo } from 'react';
import type { Session } from '@patchbay/contracts/calls';
import { elapsedMs, formatCallDuration, formatMoment } from '../frame/format.ts';
import { Link } from '../frame/navigation.tsx';
import { useNow } from '../frame/use-now.ts';
import { SessionState } from './session-state.tsx';

export const SessionsTable = memo(function SessionsTable({ sessions }: { sessions: Session[] }) {
  const now = useNow(sessions.some(({ state }) => state === 'live'));
  return (
    <table className="sessions">
      <thead>
        <tr>
          <th scope="col">Started</th>
          <th scope="col">Agent</th>
          <th scope="col">Channel</th>
          <th scope="col">Caller</th>
          <th scope="col" className="number">
            Turns
          </th>
          <th scope="col">State</th>
          <th scope="col" className="number">
            Duration
          </th>
        </tr>
      </thead>
      <tbody>
        {sessions.map((session) => (
          <SessionRow key={session.sessionId} session={session} now={now} />
        ))}
      </tbody>
    </table>
  );
});

function SessionRow({ session, now }: { session: Session; now: Date }) {
  const { sessionId, startedAt, endedAt, agentName, channel, direction, callerNumber, turns } = session;
  return (
    <tr>
      <td className="started">
        <Link className="row-link" to={`/calls/${sessionId}`}>
          <time dateTime={startedAt}>{formatMoment(startedAt, now)}</time>
        </Link>
      </td>
      <td className="agent">{agentName}</td>
      <td className="channel">
        {channel} <span className="quiet">{direction}</span>
      </td>
      <td className="caller">{callerNumber ?? <span className="quiet">unknown</span>}</td>
      <td className="turns number">
        {turns}
        <span className="unit"> turns</span>
      </td>
      <td className="state">
        <SessionState session={session} />
      </td>
      <td className="duration number">{formatCallDuration(elapsedMs(startedAt, endedAt ?? now.toISOString()))}</td>
    </tr>
  );
}
