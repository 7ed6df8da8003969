import { isEmail } from '@patchbay/arguments/email-address';
import { phraseAt } from './phrase.ts';
import type { Hearing, Reading } from './reading.ts';
import type { Vocabulary } from './vocabulary.ts';
import { wordsOf } from './words.ts';

const SPELL_IT = 'ask the caller to spell the e-mail address, with "at" and "dot"';
/** No top-level domain is a number: what ends so was something else. */
const ENDS_IN_LETTERS = /\.[a-z]{2,63}$/;
const SENTENCE_END = /[.,!?]$/;
/** Letters and digits, or signs of an address that were written rather than said. */
const PIECE = /[\p{L}\p{N}]+|[@._+-]/gu;

/** "j o h n dot smith at gmail dot com"; lower case, as addresses are compared. */
export function readEmail(spoken: string, { words: language }: Hearing): Reading {
  const pieces = spoken.normalize('NFC').toLowerCase().replace(SENTENCE_END, '').match(PIECE) ?? [];
  const written = writeOut(pieces, language);
  if ('problem' in written) return written;
  return isEmail(written.value) && ENDS_IN_LETTERS.test(written.value) ? written : { problem: `is not an e-mail address: ${SPELL_IT}` };
}

function writeOut(pieces: string[], language: Vocabulary): { value: string } | { problem: string } {
  const words = pieces.map((piece) => wordsOf(piece)[0] ?? piece);
  let value = '';
  for (let at = 0; at < pieces.length; ) {
    const symbol = phraseAt(language.symbols, words, at);
    const letter = symbol?.means ?? words[at]!;
    const next = at + (symbol?.words.length ?? 1);
    const doubled = doubledAt(words, at, language);
    if (!symbol && !doubled && isNumberWord(words[at]!, language)) {
      return { problem: `is ambiguous: "${pieces[at]}" may be a digit or a word; ${SPELL_IT}` };
    }
    value += doubled ?? symbol?.means ?? pieces[at]!;
    at = doubled ? at + 2 : next + exampleOf(letter, words, next, language);
  }
  return { value };
}

/** Words of "as in Sam" after a single "s". */
function exampleOf(letter: string, words: string[], at: number, language: Vocabulary): number {
  const marker = /^\p{L}$/u.test(letter) ? phraseAt(language.letterExamples, words, at) : undefined;
  return marker && words[at + marker.words.length]?.startsWith(letter) ? marker.words.length + 1 : 0;
}

function doubledAt(words: string[], at: number, language: Vocabulary): string | undefined {
  const times = language.repeats.get(words[at]!);
  const letter = words[at + 1] ?? '';
  return times !== undefined && /^\p{L}$/u.test(letter) ? letter.repeat(times) : undefined;
}

function isNumberWord(word: string, { numbers, tens, hundred, hundreds, zeroInDigits }: Vocabulary): boolean {
  const isWord = word.length > 1 && /^\p{L}+$/u.test(word);
  return isWord && (numbers.has(word) || tens.has(word) || hundred.has(word) || hundreds.has(word) || zeroInDigits.has(word));
}
