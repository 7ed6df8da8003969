import { memo } from 'react';
import { Badge } from '../frame/badge.tsx';
import { elapsedMs, formatOffset } from '../frame/format.ts';
import type { ClaimEntry } from './timeline.ts';

interface ClaimNoteProps {
  claim: ClaimEntry;
  /** Of the call. */
  startedAt: string;
}

/** Stands below the words it is about: the agent said that something was done, and no invocation says so. */
export const ClaimNote = memo(function ClaimNote({ claim: { claim, effect, hint, at }, startedAt }: ClaimNoteProps) {
  return (
    <article className="claim-note" aria-label={`Nothing backs “${effect}”`}>
      <header>
        <Badge tone="bad">{`nothing backs “${effect}”`}</Badge>
        <time dateTime={at}>{formatOffset(elapsedMs(startedAt, at))}</time>
      </header>
      <p>
        <q>{claim}</q>
      </p>
      <p className="quiet">{hint}</p>
    </article>
  );
});
