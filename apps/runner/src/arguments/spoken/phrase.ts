import { wordsOf } from './words.ts';

/** A phrase and what it means; phrases stand in order of length, the longest first. */
export interface Phrase<Meaning> {
  words: string[];
  means: Meaning;
}

export function phrases<Meaning>(meanings: Iterable<readonly [string, Meaning]>): Phrase<Meaning>[] {
  return [...meanings]
    .map(([say, means]) => ({ words: wordsOf(say), means }))
    .sort((a, b) => b.words.length - a.words.length);
}

export function phraseAt<Meaning>(known: Phrase<Meaning>[], words: string[], at: number): Phrase<Meaning> | undefined {
  return known.find((phrase) => phrase.words.every((word, index) => words[at + index] === word));
}

/** The first phrase found anywhere, and the words without it. */
export function takePhrase<Meaning>(known: Phrase<Meaning>[], words: string[]): { means: Meaning; rest: string[] } | undefined {
  for (let at = 0; at < words.length; at++) {
    const found = phraseAt(known, words, at);
    if (found) return { means: found.means, rest: words.toSpliced(at, found.words.length) };
  }
  return undefined;
}
