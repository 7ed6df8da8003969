import { Badge, type Tone } from '../frame/badge.tsx';
import { elapsedMs, formatOffset } from '../frame/format.ts';
import type { InvocationEntry } from './timeline.ts';

type Consent = NonNullable<InvocationEntry['consent']>;

const VERDICTS: Record<Consent['verdict'], { words: string; tone: Tone }> = {
  affirm: { words: 'yes', tone: 'good' },
  negate: { words: 'no', tone: 'bad' },
  changed: { words: 'something else', tone: 'warning' },
  unclear: { words: 'unclear', tone: 'doubt' },
  none: { words: 'no answer', tone: 'quiet' },
};

/** What was read to the caller before anything was sent, and what they said to it. `startedAt` is of the call. */
export function ConsentLines({ consent, startedAt }: { consent: Consent | null; startedAt: string }) {
  if (!consent) return null;
  const { readBack, verdict, words, at, argumentsHash, turnId } = consent;
  return (
    <section className="consent" aria-label="Consent">
      <h3>
        Consent <Badge tone={VERDICTS[verdict].tone}>{VERDICTS[verdict].words}</Badge>
        {at && <time dateTime={at}>{formatOffset(elapsedMs(startedAt, at))}</time>}
      </h3>
      <dl className="spoken">
        <div>
          <dt>Asked</dt>
          <dd className="say">{readBack}</dd>
        </div>
        {words && (
          <div>
            <dt>Caller</dt>
            <dd className="say" title={turnId ?? undefined}>
              {words}
            </dd>
          </div>
        )}
      </dl>
      <p className="quiet small">
        for the arguments <code title={argumentsHash}>{shortHash(argumentsHash)}</code>
      </p>
    </section>
  );
}

/** Enough of a hash to compare by eye; the whole of it is in the title. */
export function shortHash(hash: string): string {
  return hash.slice(0, 12);
}
