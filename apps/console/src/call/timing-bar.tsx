import { formatDuration } from '../frame/format.ts';
import { timingSegments } from './timing-segments.ts';

/** Where the time of an attempt went; `scaleMs` is the length of the whole bar, so that attempts can be compared. */
export function TimingBar({ timings, scaleMs }: { timings: Record<string, number>; scaleMs: number }) {
  const segments = timingSegments(timings);
  if (segments.length === 0) return null;
  const percent = (ms: number) => `${scaleMs > 0 ? (100 * ms) / scaleMs : 0}%`;
  return (
    <div className="timing">
      <div className="timing-bar" aria-hidden="true">
        {segments.map(({ stage, durationMs }) => (
          <span key={stage} data-stage={stage} style={{ width: percent(durationMs) }} />
        ))}
      </div>
      <ul className="timing-legend" aria-label="Timings">
        {segments.map(({ stage, label, durationMs }) => (
          <li key={stage} data-stage={stage}>
            {label} <span>{formatDuration(durationMs)}</span>
          </li>
        ))}
        {timings.total !== undefined && (
          <li className="timing-total">
            total <span>{formatDuration(timings.total)}</span>
          </li>
        )}
      </ul>
    </div>
  );
}
