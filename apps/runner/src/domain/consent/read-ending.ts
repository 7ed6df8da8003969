import type { Lexicon } from './lexicon.ts';
import type { Word } from './read-words.ts';

/** Whether what was read ends or changes something: "cancel your subscription", but not "book a room that you can cancel". */
export function readEnding(words: Word[], verbs: { has(word: string): boolean }, { allowances }: Lexicon): boolean {
  const at = words.findIndex(({ text }) => verbs.has(text));
  return at >= 0 && !words.slice(Math.max(0, at - ALLOWANCE_WORDS), at).some(({ text }) => allowances.has(text));
}

/** "You can always cancel", "free of charge if you cancel" */
const ALLOWANCE_WORDS = 5;
