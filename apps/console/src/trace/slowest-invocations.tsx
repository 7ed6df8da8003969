import { navigate } from '../frame/navigation.tsx';
import { elapsedMs, formatDuration, formatOffset } from '../frame/format.ts';
import { slowest, type Timeline } from '../call/timeline.ts';

const SHOWN = 8;

/** What stands beside the timeline until a turn is selected: where a caller waited longest. */
export function SlowestInvocations({ timeline: { session, entries } }: { timeline: Timeline }) {
  const invocations = slowest(entries, SHOWN);
  const longestMs = invocations[0]?.durationMs ?? 0;
  return (
    <section className="panel slowest">
      <h2>Where the time went</h2>
      <p className="quiet">Select a turn or an invocation to see its trace.</p>
      {invocations.length > 0 && (
        <ol>
          {invocations.map(({ invocationId, function: name, durationMs, at, traceId }) => (
            <li key={invocationId}>
              <button
                type="button"
                onClick={() => navigate(`?trace=${encodeURIComponent(traceId)}`, { replace: true })}
              >
                <code>{name}</code>
                <time dateTime={at}>{formatOffset(elapsedMs(session.startedAt, at))}</time>
                <strong>{formatDuration(durationMs)}</strong>
                <span className="track" aria-hidden="true">
                  <span style={{ width: `${longestMs > 0 ? (100 * durationMs) / longestMs : 0}%` }} />
                </span>
              </button>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
