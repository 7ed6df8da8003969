import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { ConsentQuestion } from './consent-judge.ts';
import { judgeConsent } from './judge-consent.ts';

interface Answer {
  words: string;
  agrees: boolean;
  question: Pick<ConsentQuestion, 'language' | 'readBack' | 'arguments'>;
}

/** Each file of `answers` says in its first line how it is read. */
function readAnswers(file: string): Answer[] {
  const answers: Answer[] = [];
  let question: Answer['question'] = { language: 'en' };
  for (const line of readFileSync(join(import.meta.dirname, 'answers', file), 'utf8').split('\n')) {
    const words = line.slice(1).trim();
    if (line.startsWith('#')) question = readQuestion(words);
    if (line.startsWith('+') || line.startsWith('-')) answers.push({ words, agrees: line.startsWith('+'), question });
  }
  return answers;
}

function readQuestion(line: string): Answer['question'] {
  const [language, readBack = '', given = '{}'] = line.split('|').map((part) => part.trim());
  if (language !== 'en' && language !== 'es' && language !== 'de') throw new Error(`No language of callers: ${language}`);
  return { language, readBack, arguments: JSON.parse(given) as Record<string, unknown> };
}

describe.each(['english.txt', 'german.txt', 'spanish.txt'])('judging the answers of %s', (file) => {
  const answers = readAnswers(file);

  it.each(answers.filter(({ agrees }) => agrees))('takes "$words" for a yes', ({ words, question }) => {
    expect(judgeConsent({ words, ...question })).toMatchObject({ verdict: 'affirm' });
  });

  it.each(answers.filter(({ agrees }) => !agrees))('does not take "$words" for a yes', ({ words, question }) => {
    expect(judgeConsent({ words, ...question }).verdict).not.toBe('affirm');
  });
});
