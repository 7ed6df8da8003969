import { useCallback, useEffect, useState } from 'react';
import { navigate } from '../frame/navigation.tsx';
import { ClaimNote } from './claim-note.tsx';
import { InvocationCard } from './invocation-card.tsx';
import { select, type Selection, type Timeline } from './timeline.ts';
import { TurnBubble } from './turn-bubble.tsx';

const SELECTIONS: Array<{ selection: Selection; label: string }> = [
  { selection: 'everything', label: 'Everything' },
  { selection: 'invocations', label: 'Invocations' },
  { selection: 'problems', label: 'Problems' },
];

interface TimelineListProps {
  timeline: Timeline;
  traceId: string | null;
  /** Null where there is no more, or not now. */
  showMore: (() => void) | null;
}

export function TimelineList({ timeline, traceId, showMore }: TimelineListProps) {
  const [selection, setSelection] = useState<Selection>('everything');
  const { session, entries, next } = timeline;
  const isThere = entries.some((entry) => entry.traceId === traceId);
  const shown = select(entries, selection);
  // The address keeps the selected trace, so that a link to it can be sent to somebody.
  const selectTrace = useCallback((id: string) => navigate(`?trace=${encodeURIComponent(id)}`, { replace: true }), []);
  useEffect(() => {
    // A link to a trace leads to its turn, and so does the list of the slowest invocations.
    const selected = document.querySelectorAll('.timeline [data-selected]');
    const isSeen = [...selected].some((element) => isInWindow(element));
    if (!isSeen) selected[0]?.scrollIntoView({ block: 'center' });
  }, [traceId, isThere]);
  return (
    <div className="timeline">
      <div className="choices" role="group" aria-label="What to list">
        {SELECTIONS.map(({ selection: choice, label }) => (
          <button key={choice} type="button" aria-pressed={choice === selection} onClick={() => setSelection(choice)}>
            {label} <span className="count">{select(entries, choice).length}</span>
          </button>
        ))}
      </div>
      {shown.length === 0 && <p className="empty">{emptyText(timeline, selection)}</p>}
      <ol>
        {shown.map((entry) => (
          <li key={keyOf(entry)} className={entry.kind} data-selected={entry.traceId === traceId || undefined}>
            {entry.kind === 'claim' && <ClaimNote claim={entry} startedAt={session.startedAt} />}
            {entry.kind === 'turn' && (
              <TurnBubble
                turn={entry}
                startedAt={session.startedAt}
                isSelected={entry.traceId === traceId}
                onSelect={selectTrace}
              />
            )}
            {entry.kind === 'invocation' && (
              <InvocationCard
                invocation={entry}
                startedAt={session.startedAt}
                isSelected={entry.traceId === traceId}
                onSelect={selectTrace}
              />
            )}
          </li>
        ))}
      </ol>
      {next !== null && (
        <p className="more">
          <span className="quiet">The call goes on behind these {entries.length} entries.</span>
          <button type="button" disabled={!showMore} onClick={() => showMore?.()}>
            Show more
          </button>
        </p>
      )}
    </div>
  );
}

function isInWindow(element: Element): boolean {
  const { top, bottom } = element.getBoundingClientRect();
  return bottom > 0 && top < window.innerHeight;
}

function keyOf(entry: Timeline['entries'][number]): string {
  if (entry.kind === 'claim') return entry.claimId;
  return entry.kind === 'turn' ? entry.turnId : entry.invocationId;
}

function emptyText({ session }: Timeline, selection: Selection): string {
  if (selection === 'problems') return 'No invocation of this call was rejected, failed or is unknown, and the agent claimed nothing that did not happen.';
  if (selection === 'invocations') return 'The agent called no function in this call.';
  return session.state === 'live' ? 'Nobody has spoken yet.' : 'Nobody spoke in this call.';
}
