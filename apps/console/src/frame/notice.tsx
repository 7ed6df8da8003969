import type { ReactNode } from 'react';
import type { FieldProblem } from '@patchbay/contracts/errors';
import { isPassing, type Problem } from '../gateway/problem.ts';

/** Says what went wrong, and whether anything more is needed than to wait. */
export function ProblemNotice({ problem, hasData, isRetried = true }: { problem: Problem; hasData: boolean; isRetried?: boolean }) {
  const isAway = problem.kind === 'unreachable';
  return (
    <Notice
      tone={isPassing(problem) ? 'warning' : 'bad'}
      title={isAway ? 'The API cannot be reached' : 'The API refused this'}
    >
      {problem.message} {isRetried && isPassing(problem) && 'Trying again every 3 seconds.'}
      {hasData && ' What you see is from before.'}
      {problem.kind === 'refused' && <Identifier problem={problem} />}
    </Notice>
  );
}

/** Says why a change was not made, and what of it is wrong. */
export function ChangeProblem({ problem }: { problem: Problem | null }) {
  if (!problem) return null;
  const isAway = problem.kind === 'unreachable';
  return (
    <Notice tone="bad" title={isAway ? 'Nobody knows whether this was done' : 'This was not done'}>
      {problem.message} {isAway && 'Look at the list before you try again.'}
      {!isAway && problem.fields && problem.fields.length > 1 && <FieldList fields={problem.fields} />}
      {!isAway && <Identifier problem={problem} />}
    </Notice>
  );
}

function FieldList({ fields }: { fields: FieldProblem[] }) {
  return (
    <ul>
      {fields.map(({ path, problem }) => (
        <li key={path + problem}>
          <code>{path}</code> {problem}
        </li>
      ))}
    </ul>
  );
}

interface NoticeProps {
  tone: 'good' | 'warning' | 'bad';
  title: string;
  children: ReactNode;
}

/** Good news waits until a screen reader is free; the rest does not. */
export function Notice({ tone, title, children }: NoticeProps) {
  return (
    <div className="notice" data-tone={tone} role={tone === 'good' ? 'status' : 'alert'}>
      <strong>{title}</strong>
      <div>{children}</div>
    </div>
  );
}

function Identifier({ problem }: { problem: Extract<Problem, { kind: 'refused' }> }) {
  const trace = problem.traceId ? `, trace ${problem.traceId}` : '';
  return <span className="quiet">{` (${problem.code}, HTTP ${problem.status}${trace})`}</span>;
}

export function Loading({ what }: { what: string }) {
  return (
    <p className="loading" role="status">
      Loading {what}…
    </p>
  );
}
