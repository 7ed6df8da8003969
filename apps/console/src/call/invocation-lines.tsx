import type { Tone } from '../frame/badge.tsx';
import { formatDuration } from '../frame/format.ts';
import type { InvocationEntry } from './timeline.ts';

const HEARD = { full: 'in full', partly: 'partly', none: 'not at all' };

/** Why it did not succeed: the code for machines, the message, the fields at fault. */
export function FailureLine({ invocation: { error }, tone }: { invocation: InvocationEntry; tone: Tone }) {
  if (!error) return null;
  return (
    <div className="failure" data-tone={tone}>
      <p>
        <code>{error.code}</code> {error.message}
        {error.retryAfterMs !== undefined && ` Again after ${formatDuration(error.retryAfterMs)}.`}
      </p>
      {error.fields && (
        <ul>
          {error.fields.map(({ path, problem }) => (
            <li key={`${path} ${problem}`}>
              <code>{path}</code> {problem}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** What the agent was told to say and to do next, and how much of it reached the caller's ear. */
export function SpokenLines({ invocation: { say, hint, heard } }: { invocation: InvocationEntry }) {
  if (!say && !hint && !heard) return null;
  return (
    <dl className="spoken">
      {say && (
        <div>
          <dt>Say</dt>
          <dd className="say">{say}</dd>
        </div>
      )}
      {hint && (
        <div>
          <dt>Hint</dt>
          <dd>{hint}</dd>
        </div>
      )}
      {heard && (
        <div>
          <dt>Heard</dt>
          <dd data-heard={heard}>{HEARD[heard]}</dd>
        </div>
      )}
    </dl>
  );
}
