import type { PhraseKind } from './consent-language.ts';
import type { Lexicon } from './lexicon.ts';
import type { Offer } from './read-offer.ts';
import type { Piece } from './piece.ts';
import { readAsides } from './read-asides.ts';
import { readAskedValues } from './read-asked-values.ts';
import { readWishes } from './read-wishes.ts';
import { readValueAt } from './read-values.ts';
import type { Word } from './read-words.ts';
import { settleDenied } from './settle-denied.ts';
import { settleNouns, settlePieces } from './settle-pieces.ts';

/** What a word means that the read-back is about: the caller repeats it. */
const REPEATABLE: ReadonlySet<Piece['kind']> = new Set(['stops', 'changes']);

/** Takes an answer apart: the longest known phrase first, then values, then words of the read-back. */
export function readAnswer(words: Word[], lexicon: Lexicon, offer: Offer): Piece[] {
  const questions = sentencesWithQuestionMark(words);
  const pieces: Piece[] = [];
  for (let at = 0; at < words.length; ) {
    const word = words[at];
    if (!word) break;
    const { kind, to, value } = word.mark ? { kind: 'pause' as const, to: at + 1, value: undefined } : readPiece(words, at, lexicon, offer);
    const text = words.slice(at, to).map((one) => one.text).join(' ');
    pieces.push({ kind, text, inQuestion: questions[at] ?? false, ...(value && { value }) });
    at = to;
  }
  const wishes = readWishes(readAsides(settlePieces(pieces, lexicon, offer), lexicon), lexicon);
  return settleNouns(settleDenied(readAskedValues(wishes, lexicon, offer), lexicon, offer), lexicon, offer);
}

function readPiece(words: Word[], at: number, lexicon: Lexicon, offer: Offer): { kind: Piece['kind']; to: number; value?: Piece['value'] } {
  const phrase = longestPhrase(words, at, lexicon);
  const digits = offer.digitsAt(words, at);
  if (digits) return { kind: digits.isRead ? 'repeated' : 'newValue', to: digits.to };
  const value = readValueAt(words, at, lexicon.values);
  if (value && (!phrase || value.to > phrase.to || (value.to === phrase.to && value.kind !== 'relative' && phrase.kind === 'neutral'))) {
    return { kind: offer.hasValue(value) ? 'repeated' : 'newValue', to: value.to, value: offer.placeOf(value) };
  }
  const text = words[at]?.text ?? '';
  const isChosen = offer.hasChoice(text);
  const other = phrase && phrase.kind !== 'neutral' ? words.slice(at, phrase.to).findIndex((word) => offer.hasChoice(word.text) === false) : -1;
  if (other >= 0) return { kind: 'newValue', to: at + other + 1 };
  if (isChosen !== null && (!phrase || phrase.to === at + 1)) return { kind: isChosen ? 'repeated' : 'newValue', to: at + 1 };
  if (!phrase) return { kind: offer.has(text) || offer.hasFormOf(text) ? 'repeated' : 'unknown', to: at + 1 };
  const said = words.slice(at, phrase.to).map((one) => one.text).join(' ');
  if (lexicon.endings.has(said)) return { kind: offer.isEnding && offer.isAbout(said) ? 'repeated' : phrase.kind, to: phrase.to };
  if (REPEATABLE.has(phrase.kind) && (offer.isAbout(said) || (lexicon.values.alone.has(said) && offer.isForOne))) return { kind: 'repeated', to: phrase.to };
  return phrase;
}

function longestPhrase(words: Word[], at: number, lexicon: Lexicon): { kind: PhraseKind; to: number } | null {
  const longest = lexicon.longestFrom(words[at]?.text ?? '');
  let end = at;
  while (end - at < longest && words[end] && !words[end]?.mark) end += 1;
  for (; end > at; end -= 1) {
    const kind = lexicon.kindOf(words.slice(at, end).map(({ text }) => text).join(' '));
    if (kind && !countsNext(words, end, lexicon)) return { kind, to: end };
  }
  return null;
}

/** "Make that one person": its last word is a number, and no "that one". */
function countsNext(words: Word[], end: number, { values }: Lexicon): boolean {
  return values.pronouns.has(words[end - 1]?.text ?? '') && values.units.has(words[end]?.text ?? '');
}

function sentencesWithQuestionMark(words: Word[]): boolean[] {
  let asked = false;
  return words
    .toReversed()
    .map(({ mark }) => {
      if (mark === 'question') asked = true;
      if (mark === 'sentence') asked = false;
      return asked;
    })
    .toReversed();
}
