import { elapsedMs, formatBytes, formatDuration } from '../frame/format.ts';
import type { InvocationEntry } from './timeline.ts';
import { TimingBar } from './timing-bar.tsx';
import { CurlCommand } from './curl-command.tsx';
import { prettyText } from './json-text.ts';

type Attempt = InvocationEntry['attempts'][number];

/** Whether it was the call itself, a question whether it has ended, or one whether it happened at all. */
const KINDS: Record<Attempt['kind'], string> = { request: 'Attempt', check: 'Check', verify: 'Verification' };

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
        <li key={`${attempt.kind} ${attempt.attempt}`} data-kind={attempt.kind}>
          <AttemptLine attempt={attempt} afterMs={elapsedMs(receivedAt, attempt.startedAt)} />
          <TimingBar timings={attempt.timings} scaleMs={longestMs} />
          <MissingFields fields={attempt.missingFields} />
          <Preview title="Request" bytes={attempt.requestBytes} text={attempt.requestPreview} />
          <Preview title="Response" bytes={attempt.responseBytes} wireBytes={attempt.wireBytes} text={attempt.responsePreview} />
          {attempt.curl && <CurlCommand command={attempt.curl} />}
        </li>
      ))}
    </ol>
  );
}

function AttemptLine({ attempt, afterMs }: { attempt: Attempt; afterMs: number }) {
  const { status, errorCode, connectionId, connectionVersion, providerMessageId } = attempt;
  return (
    <p className="attempt">
      <span className="quiet">
        {KINDS[attempt.kind]} {attempt.attempt}
      </span>
      <span className="request">
        <strong>{attempt.method}</strong> {attempt.url}
      </span>
      <HttpStatus status={status} />
      {errorCode && <code className="bad-text">{errorCode}</code>}
      <span className="quiet">
        {`sent after ${formatDuration(afterMs)}`}
        {connectionId && `, with ${connectionId}`}
        {connectionId && connectionVersion !== null && ` version ${connectionVersion}`}
        {providerMessageId && `, the provider calls it ${providerMessageId}`}
      </span>
    </p>
  );
}

/** An answer that lacks what the rules of the tool name: the provider has changed, or the rules are wrong. */
function MissingFields({ fields }: { fields: string[] }) {
  if (fields.length === 0) return null;
  return <p className="missing">{`The answer has no ${fields.join(', ')}.`}</p>;
}

function HttpStatus({ status }: { status: number | null }) {
  if (status === null) return <span className="http bad-text">no answer</span>;
  return <span className={status < 400 ? 'http good-text' : 'http bad-text'}>{`HTTP ${status}`}</span>;
}

interface PreviewProps {
  title: string;
  bytes: number | null;
  /** Before decompression. */
  wireBytes?: number | null;
  text: string | null;
}

function Preview({ title, bytes, wireBytes = null, text }: PreviewProps) {
  if (bytes === null && text === null) return null;
  const onWire = wireBytes === null || wireBytes === bytes ? '' : ` (${formatBytes(wireBytes)} on the wire)`;
  const size = bytes === null ? '' : ` · ${formatBytes(bytes)}${onWire}`;
  if (text === null || text === '') return <p className="no-preview">{title + size}</p>;
  return (
    <details>
      <summary>{title + size}</summary>
      <pre tabIndex={0}>{prettyText(text)}</pre>
    </details>
  );
}
