import { memo } from 'react';
import { elapsedMs, formatDuration, formatOffset } from '../frame/format.ts';
import { TraceButton } from './trace-button.tsx';
import type { TurnEntry } from './timeline.ts';

interface TurnBubbleProps {
  turn: TurnEntry;
  /** Of the call. */
  startedAt: string;
  isSelected: boolean;
  onSelect(traceId: string): void;
}

export const TurnBubble = memo(function TurnBubble({ turn, startedAt, isSelected, onSelect }: TurnBubbleProps) {
  const selectByMouse = () => {
    // Marking words in the bubble is not a click on it.
    if (window.getSelection()?.isCollapsed ?? true) onSelect(turn.traceId);
  };
  return (
    <article className="bubble" data-role={turn.role} onClick={selectByMouse}>
      <header>
        <strong>{turn.role}</strong>
        <time dateTime={turn.at}>{formatOffset(elapsedMs(startedAt, turn.at))}</time>
        <span className="quiet">{formatDuration(elapsedMs(turn.at, turn.endedAt))}</span>
        {turn.interrupted && <span className="interrupted">interrupted</span>}
        <TraceButton traceId={turn.traceId} isSelected={isSelected} onSelect={onSelect} />
      </header>
      <p>{turn.text}</p>
    </article>
  );
});
