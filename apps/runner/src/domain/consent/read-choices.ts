import type { Choice } from './value-lexicon.ts';

const TOKEN = /[\p{L}\p{M}]+|[$€£¥]/gu;

/** The members of groups that exclude each other, as far as a text names them: of the currencies the euro, of the sizes the large one. */
export function readChoices(text: string, choices: Map<string, Choice>): Map<number, Set<string>> {
  const read = new Map<number, Set<string>>();
  for (const [token] of text.toLowerCase().matchAll(TOKEN)) {
    const choice = choices.get(token);
    if (choice) read.set(choice.group, (read.get(choice.group) ?? new Set<string>()).add(choice.member));
  }
  return read;
}
