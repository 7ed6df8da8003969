import { createContext, useContext } from 'react';
import type { FieldProblem } from '@patchbay/contracts/errors';
import type { Problem } from '../gateway/problem.ts';

/** What the API found wrong with the fields of a form. */
export const FieldProblems = createContext<FieldProblem[]>([]);

export function fieldsOf(problem: Problem | null): FieldProblem[] {
  return problem?.kind === 'refused' ? (problem.fields ?? []) : [];
}

/** What is wrong with the field at `path` (`settings.oauth.tokenUrl`), or with an element of its list (`origins.0`); null for nothing. */
export function useFieldProblem(path: string | undefined): string | null {
  const problems = useContext(FieldProblems);
  return problems.find((problem) => problem.path.replace(/\.\d+$/, '') === path)?.problem ?? null;
}
