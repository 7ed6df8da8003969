import { memo } from 'react';
import { Badge, type Tone } from '../frame/badge.tsx';
import { elapsedMs, formatDuration, formatOffset } from '../frame/format.ts';
import { ArgumentValues } from './argument-values.tsx';
import { AttemptList } from './attempt-list.tsx';
import { ConsentLines } from './consent-lines.tsx';
import { DecisionList } from './decision-list.tsx';
import { FailureLine, SpokenLines } from './invocation-lines.tsx';
import { RecordLine } from './record-line.tsx';
import type { InvocationEntry, InvocationStatus } from './timeline.ts';
import { TraceButton } from './trace-button.tsx';
import { Values } from './values.tsx';

const TONES: Record<InvocationStatus, Tone> = {
  succeeded: 'good',
  failed: 'bad',
  rejected: 'bad',
  unknown: 'doubt',
  needs_confirmation: 'warning',
  pending: 'busy',
  running: 'busy',
  cancelled: 'quiet',
};

interface InvocationCardProps {
  invocation: InvocationEntry;
  /** Of the call. */
  startedAt: string;
  isSelected: boolean;
  onSelect(traceId: string): void;
}

export const InvocationCard = memo(function InvocationCard(props: InvocationCardProps) {
  const { invocation, startedAt, isSelected, onSelect } = props;
  const { status, effect, durationMs, result } = invocation;
  return (
    <article className="card" aria-label={`${invocation.function}: ${status}`}>
      <header>
        <code className="function">{invocation.function}</code>
        <span className="effect" data-effect={effect}>
          {effect}
        </span>
        <Badge tone={TONES[status]}>{status.replace('_', ' ')}</Badge>
        <span className="when">
          {durationMs !== null && <strong>{formatDuration(durationMs)}</strong>}
          <time dateTime={invocation.at}>{formatOffset(elapsedMs(startedAt, invocation.at))}</time>
        </span>
        <TraceButton traceId={invocation.traceId} isSelected={isSelected} onSelect={onSelect} />
      </header>
      <ArgumentValues invocation={invocation} />
      <FailureLine invocation={invocation} tone={TONES[status]} />
      {result !== undefined && <Values title="Result" value={result} />}
      <SpokenLines invocation={invocation} />
      <ConsentLines consent={invocation.consent} startedAt={startedAt} />
      <DecisionList invocation={invocation} />
      <footer className="evidence">
        <AttemptList invocation={invocation} />
        <RecordLine invocation={invocation} />
      </footer>
    </article>
  );
});
