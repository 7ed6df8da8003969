import { formatMoment, formatRelative } from './format.ts';

/** A moment by its distance from now; pointing at it tells the exact time. */
export function Ago({ at, now, none = 'never' }: { at: string | null; now: Date; none?: string }) {
  if (at === null) return <span className="quiet">{none}</span>;
  return (
    <time dateTime={at} title={formatMoment(at, now)}>
      {formatRelative(at, now)}
    </time>
  );
}
