import type { Problem } from '../gateway/problem.ts';

/** Whether the provider was asked and did not confirm a secret, which somebody may store all the same. */
export function couldNotVerify(problem: Problem | null): boolean {
  return problem?.kind === 'refused' && problem.code === 'failed_precondition';
}

/** The API says how a program goes on; here a button does. */
export function inPlainWords(problem: Problem): Problem {
  return { ...problem, message: problem.message.replace('; to keep it all the same, set acceptUnverified', '') };
}
