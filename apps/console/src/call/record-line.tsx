import type { ReactNode } from 'react';
import { shortHash } from './consent-lines.tsx';
import type { InvocationEntry } from './timeline.ts';

/** By which names the record knows what happened, and its place in the chain that shows whether anything was changed since. */
export function RecordLine({ invocation }: { invocation: InvocationEntry }) {
  const { invocationId, intentId, replayOf, seal } = invocation;
  return (
    <dl className="record">
      <Part name="Invocation">
        <code>{invocationId}</code>
      </Part>
      <Part name="Intent">{intentId && <code>{intentId}</code>}</Part>
      <Part name="Answered by">{replayOf && <code>{replayOf}</code>}</Part>
      <Part name="Seal">
        {seal && (
          <code title={`${seal.chain}\n${seal.sequence}: ${seal.hash}\nafter ${seal.previous}`}>
            {`${seal.sequence} · ${shortHash(seal.previous)} → ${shortHash(seal.hash)}`}
          </code>
        )}
      </Part>
    </dl>
  );
}

function Part({ name, children }: { name: string; children: ReactNode }) {
  if (children === null) return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
