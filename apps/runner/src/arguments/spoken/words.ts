const MARKS = /\p{M}/gu;
const APOSTROPHES = /['’]/g;
/** "p.m.", as people write it. */
const MERIDIEM = /\b([ap])\.\s?m\b\.?/g;
/** A clock time, a numeral with its separators, a word, or a sign that means something. */
const WORD = /\d+(?::\d\d)+|\d+(?:[.,]\d+)*|\p{L}+|[+$€£@]/gu;

/** Without case, accents and apostrophes, so that words compare as they sound. */
export function fold(text: string): string {
  return text.normalize('NFD').replace(MARKS, '').toLowerCase().replaceAll('ß', 'ss').replaceAll('ς', 'σ').replace(APOSTROPHES, '');
}

export function wordsOf(text: string): string[] {
  return fold(text).replace(MERIDIEM, '$1m').match(WORD) ?? [];
}
