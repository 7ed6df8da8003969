import type { ReactNode } from 'react';
import { isPassing, type Problem } from '../gateway/problem.ts';

/** Says what went wrong, and whether anything more is needed than to wait. */
export function ProblemNotice({ problem, hasData }: { problem: Problem; hasData: boolean }) {
  const isAway = problem.kind === 'unreachable';
  return (
    <Notice
      tone={isPassing(problem) ? 'warning' : 'bad'}
      title={isAway ? 'The API cannot be reached' : 'The API refused this'}
    >
      {problem.message} {isPassing(problem) && 'Trying again every 3 seconds.'}
      {hasData && ' What you see is from before.'}
      {problem.kind === 'refused' && <Identifier problem={problem} />}
    </Notice>
  );
}

export function Notice({ tone, title, children }: { tone: 'warning' | 'bad'; title: string; children: ReactNode }) {
  return (
    <div className="notice" data-tone={tone} role="alert">
      <strong>{title}</strong>
      <span>{children}</span>
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
