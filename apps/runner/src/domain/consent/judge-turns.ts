import type { ConsentJudgement, ConsentQuestion } from './consent-judge.ts';
import { judgeConsent } from './judge-consent.ts';

export interface TurnJudgement extends ConsentJudgement {
  /** The place of the turn it comes from; null without a turn. */
  turn: number | null;
}

/**
 * Judges what a caller said since the read-back, turn by turn. The last turn that decides counts, and one that wavers takes back what
 * was decided before it: "yes", then "wait".
 */
export function judgeTurns(turns: string[], question: Omit<ConsentQuestion, 'words'>): TurnJudgement {
  let standing: TurnJudgement = { verdict: 'unclear', seen: [], reason: 'The caller has not answered yet.', wavers: false, turn: null };
  for (const [turn, words] of turns.entries()) {
    const judgement = judgeConsent({ ...question, words });
    const decides = judgement.verdict !== 'unclear' || judgement.wavers;
    if (decides || standing.verdict === 'unclear') standing = { ...judgement, turn };
  }
  return standing;
}
