import type { ConsentJudge, ConsentJudgement, ConsentQuestion } from './consent-judge.ts';

/**
 * Where another judge is plugged in: it sees an answer only after the words alone left it `unclear`. What it says against the words, or
 * about a caller who wavers, is not asked for: a wish for time is no yes, whatever a model makes of it.
 */
export async function askSecondJudge(
  question: ConsentQuestion,
  first: ConsentJudgement,
  second: ConsentJudge | null,
): Promise<ConsentJudgement> {
  return second === null || first.verdict !== 'unclear' || first.wavers ? first : second.judge(question);
}
