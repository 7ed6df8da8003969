import { useEffect } from 'react';
import { useAccess } from '../gateway/access.ts';
import type { Problem } from '../gateway/problem.ts';
import { ProblemNotice } from './notice.tsx';

/** The problem of a signed-in page; an access that has ended leads back to the key entry. */
export function PageProblem({ problem, hasData }: { problem: Problem | null; hasData: boolean }) {
  const { apiKey, signOut } = useAccess();
  const isRefused = problem?.kind === 'refused' && problem.status === 401;
  useEffect(() => {
    if (isRefused) signOut(apiKey === null ? 'Your session has ended. Sign in again.' : 'Your API key is no longer accepted. Enter another one.');
  }, [isRefused, apiKey, signOut]);
  return problem && !isRefused ? <ProblemNotice problem={problem} hasData={hasData} /> : null;
}
