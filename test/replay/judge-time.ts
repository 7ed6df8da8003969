import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { PlayedConversation } from './played.ts';
import { percentile } from './summary.ts';

/** As built: what a running platform on this machine judges with. */
const JUDGE = new URL('../../apps/runner/dist/domain/consent/judge-consent.js', import.meta.url);
/** A busy machine takes the processor away for longer than a judgement lasts: the median of so many is the judge's own time. */
const ROUNDS = 51;

interface Question {
  words: string;
  language: 'en';
  readBack?: string;
  arguments: Record<string, unknown>;
}
type Judge = (question: Question) => unknown;

/** The slowest of a hundred answers that were played, in milliseconds, timed after the play; null where the judge is not built or nothing was answered. */
export async function timeJudge(played: PlayedConversation[]): Promise<number | null> {
  const questions = played.flatMap(questionsOf);
  if (questions.length === 0 || !existsSync(fileURLToPath(JUDGE))) return null;
  const { judgeConsent } = (await import(JUDGE.href)) as { judgeConsent: Judge };
  // The first round is the compiler's.
  for (const question of questions) judgeConsent(question);
  const mediansMs = questions.map((question) => timeQuestion(judgeConsent, question));
  return percentile(mediansMs.sort((a, b) => a - b), 0.99);
}

function timeQuestion(judge: Judge, question: Question): number {
  const durationsMs = Array.from({ length: ROUNDS }, () => {
    const startedAtMs = performance.now();
    judge(question);
    return performance.now() - startedAtMs;
  });
  return percentile(durationsMs.sort((a, b) => a - b), 0.5);
}

function questionsOf({ turns, invocations }: PlayedConversation): Question[] {
  return invocations.flatMap(({ call, turnIndex }, index) => {
    if (call.consent?.stage !== 'answered') return [];
    const readBack = invocations[index - 1]?.outcome.readBack;
    const words = turns[turnIndex]?.text ?? '';
    return [{ words, language: 'en' as const, arguments: call.arguments, ...(readBack ? { readBack } : {}) }];
  });
}
