import { describe, expect, it } from '@jest/globals';
import { askSecondJudge } from './ask-second-judge.ts';
import type { ConsentJudge, ConsentJudgement } from './consent-judge.ts';
import { judgeConsent } from './judge-consent.ts';

const AGREES: ConsentJudgement = { verdict: 'affirm', seen: [], reason: 'The model says so.', wavers: false };

async function ask(words: string) {
  const asked: string[] = [];
  const second: ConsentJudge = {
    judge: (question) => {
      asked.push(question.words);
      return Promise.resolve(AGREES);
    },
  };
  const question = { words, language: 'en' as const };
  return { asked, judgement: await askSecondJudge(question, judgeConsent(question), second) };
}

describe('a second judge', () => {
  it('is asked what the words alone leave unclear', async () => {
    expect(await ask('My brother says so.')).toEqual({ asked: ['My brother says so.'], judgement: AGREES });
  });

  it.each(['Yes.', 'No.', 'Make it five.', 'Hold on.'])('is not asked about "%s"', async (words) => {
    const { asked, judgement } = await ask(words);
    expect(asked).toEqual([]);
    expect(judgement).not.toBe(AGREES);
  });

  it('may be absent', async () => {
    const first = judgeConsent({ words: 'Perhaps.', language: 'en' });
    expect(await askSecondJudge({ words: 'Perhaps.', language: 'en' }, first, null)).toBe(first);
  });
});
