import { elapsedMs, formatBytes, formatDuration } from '../frame/format.ts';
import type { InvocationEntry } from './timeline.ts';
import { TimingBar } from './timing-bar.tsx';
import { prettyText } from './json-text.ts';

type Attempt = InvocationEntry['attempts'][number];

const MAY_STILL_SEND = new Set(['running', 'pending']);

/** The evidence: each request that went to the provider. */
export function AttemptList({ invocation }: { invocation: InvocationEntry }) {
  const { attempts, receivedAt, status } = invocation;
  if (attempts.length === 0) {
    return (
      <p className="unsent">
        {MAY_STILL_SEND.has(status) ? 'Nothing was sent to the provider yet.' : 'Nothing was sent to the provider.'}
      </p>
    );
  }
  const longestMs = Math.max(...attempts.map(({ timings }) => timings.total ?? 0));
  return (
    <ol className="attempts" aria-label="Attempts">
      {attempts.map((attempt) => (
        <li key={attempt.attempt}>
          <AttemptLine attempt={attempt} afterMs={elapsedMs(receivedAt, attempt.startedAt)} />
          <TimingBar timings={attempt.timings} scaleMs={longestMs} />
          <Preview title="Request" bytes={attempt.requestBytes} text={attempt.requestPreview} />
          <Preview title="Response" bytes={attempt.responseBytes} text={attempt.responsePreview} />
        </li>
      ))}
    </ol>
  );
}

function AttemptLine({ attempt, afterMs }: { attempt: Attempt; afterMs: number }) {
  const { status, errorCode, connectionId, connectionVersion } = attempt;
  return (
    <p className="attempt">
      <span className="quiet">Attempt {attempt.attempt}</span>
      <span className="request">
        <strong>{attempt.method}</strong> {attempt.url}
      </span>
      <HttpStatus status={status} />
      {errorCode && <code className="bad-text">{errorCode}</code>}
      <span className="quiet">
        {`sent after ${formatDuration(afterMs)}`}
        {connectionId && `, with ${connectionId}`}
        {connectionId && connectionVersion !== null && ` version ${connectionVersion}`}
      </span>
    </p>
  );
}

function HttpStatus({ status }: { status: number | null }) {
  if (status === null) return <span className="http bad-text">no answer</span>;
  return <span className={status < 400 ? 'http good-text' : 'http bad-text'}>{`HTTP ${status}`}</span>;
}

function Preview({ title, bytes, text }: { title: string; bytes: number | null; text: string | null }) {
  if (bytes === null && text === null) return null;
  const size = bytes === null ? '' : ` · ${formatBytes(bytes)}`;
  if (text === null || text === '') return <p className="no-preview">{title + size}</p>;
  return (
    <details>
      <summary>{title + size}</summary>
      <pre tabIndex={0}>{prettyText(text)}</pre>
    </details>
  );
}
