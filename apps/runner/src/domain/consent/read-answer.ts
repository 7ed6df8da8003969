import type { PhraseKind } from './consent-language.ts';
import type { Lexicon } from './lexicon.ts';
import type { Offer } from './read-offer.ts';
import { readValueAt } from './read-values.ts';
import type { Word } from './read-words.ts';

/** A piece of the answer and what it means. */
export interface Piece {
  kind: PhraseKind | 'repeated' | 'newValue' | 'unknown' | 'asked' | 'pause';
  text: string;
  /** Its sentence ends with a question mark. */
  inQuestion: boolean;
}

/** Behind these a question may begin without a mark or a pause: transcripts rarely have them. */
const BEFORE_QUESTIONS: ReadonlySet<Piece['kind']> = new Set(['pause', 'joins', 'closes', 'receives', 'yes', 'exact', 'proceeds', 'approves', 'no', 'backchannel', 'courtesy', 'contrasts', 'holds', 'turns']);
/** What a word means that the read-back is about: the caller repeats it. */
const REPEATABLE: ReadonlySet<Piece['kind']> = new Set(['stops', 'changes']);

/** Takes an answer apart: the longest known phrase first, then values, then words of the read-back. */
export function readAnswer(words: Word[], lexicon: Lexicon, offer: Offer): Piece[] {
  const questions = sentencesWithQuestionMark(words);
  const pieces: Piece[] = [];
  for (let at = 0; at < words.length; ) {
    const word = words[at];
    if (!word) break;
    const { kind, to } = word.mark ? { kind: 'pause' as const, to: at + 1 } : readPiece(words, at, lexicon, offer);
    const text = words.slice(at, to).map((one) => one.text).join(' ');
    pieces.push({ kind, text, inQuestion: questions[at] ?? false });
    at = to;
  }
  for (const [index, piece] of pieces.entries()) if (isPointedAt(pieces, index, lexicon)) piece.kind = 'repeated';
  // One typing error in a clear yes is not worth a second question.
  const saysYes = pieces.some(({ kind }) => kind === 'yes');
  const read = pieces.map((piece) => (saysYes && piece.kind === 'unknown' && lexicon.mayMeanAgreement(piece.text) ? { ...piece, kind: 'neutral' as const } : piece));
  return readWishes(read, lexicon);
}

function readPiece(words: Word[], at: number, lexicon: Lexicon, offer: Offer): { kind: Piece['kind']; to: number } {
  const phrase = longestPhrase(words, at, lexicon);
  const value = readValueAt(words, at, lexicon.values);
  if (value && (!phrase || value.to > phrase.to || (value.to === phrase.to && value.kind !== 'relative' && phrase.kind === 'neutral'))) {
    return { kind: offer.hasValue(value) ? 'repeated' : 'newValue', to: value.to };
  }
  const text = words[at]?.text ?? '';
  if (!phrase) return { kind: offer.has(text) ? 'repeated' : 'unknown', to: at + 1 };
  if (REPEATABLE.has(phrase.kind) && offer.isAbout(words.slice(at, phrase.to).map((one) => one.text).join(' '))) return { kind: 'repeated', to: phrase.to };
  return phrase;
}

function longestPhrase(words: Word[], at: number, lexicon: Lexicon): { kind: PhraseKind; to: number } | null {
  const longest = lexicon.longestFrom(words[at]?.text ?? '');
  let end = at;
  while (end - at < longest && words[end] && !words[end]?.mark) end += 1;
  for (; end > at; end -= 1) {
    const kind = lexicon.kindOf(words.slice(at, end).map(({ text }) => text).join(' '));
    if (kind) return { kind, to: end };
  }
  return null;
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

/** "That hotel sounds nice": whatever it is, it is what was read. "I want that delivered" is not. */
function isPointedAt(pieces: Piece[], index: number, { demonstratives }: Lexicon): boolean {
  const pointer = pieces[index - 1];
  const next = pieces[index + 1]?.kind;
  if (pieces[index]?.kind !== 'unknown' || !pointer || !demonstratives.has(pointer.text)) return false;
  return BEFORE_QUESTIONS.has(pieces[index - 2]?.kind ?? 'pause') && (next === 'neutral' || next === 'approves' || next === 'exact');
}

/** Turns what a question or a wish to know is about into `asked`: it says nothing for or against the read-back. */
function readWishes(pieces: Piece[], lexicon: Lexicon): Piece[] {
  let asking = false;
  return pieces.map((piece, index) => {
    const mayOpen = BEFORE_QUESTIONS.has(pieces[index - 1]?.kind ?? 'pause');
    if (endsSentence(piece)) asking = false;
    if (asking && mayOpen && piece.kind === 'requests') asking = false;
    asking ||= opensWish(pieces, index, mayOpen, lexicon);
    return asking && IN_WISHES.has(piece.kind) ? { ...piece, kind: 'asked' } : piece;
  });
}

function opensWish(pieces: Piece[], index: number, mayOpen: boolean, { auxiliaries, subjects }: Lexicon): boolean {
  const piece = pieces[index];
  if (!piece) return false;
  if (piece.text === '¿') return true;
  const isStated = subjects.has(pieces[index - 1]?.text ?? '') && auxiliaries.has(firstWord(piece));
  if (piece.kind === 'asks') return !isStated && (mayOpen || piece.inQuestion);
  if (piece.kind === 'requests' || (piece.kind === 'learns' && mayOpen)) return wantsToKnow(pieces, index);
  if (!piece.inQuestion || !mayOpen) return false;
  return auxiliaries.has(piece.text) || (subjects.has(firstWord(piece)) && asksLater(pieces, index));
}

const IN_WISHES: ReadonlySet<Piece['kind']> = new Set(['asks', 'requests', 'learns', 'points', 'information', 'facts', 'unknown', 'yes', 'exact', 'proceeds', 'approves', 'doubts', 'hedges', 'turns', 'closes', 'receives', 'joins', 'neutral', 'repeated']);

function firstWord({ text }: Piece): string {
  return text.split(' ', 1)[0] ?? '';
}

function endsSentence({ kind, text }: Piece): boolean {
  return kind === 'pause' && /[.!?…;]/.test(text);
}

/** "I arrive at which station?" */
function asksLater(pieces: Piece[], index: number): boolean {
  const rest = pieces.slice(index);
  const end = rest.findIndex(({ kind }) => kind === 'pause');
  return rest.slice(0, end < 0 ? undefined : end).some(({ kind }) => kind === 'asks');
}

/** "I need the phone number" wants to know; "I need a window seat" or "could I have it sent to my work address" want something else. */
function wantsToKnow(pieces: Piece[], index: number): boolean {
  const rest = pieces.slice(index + 1);
  const object = rest.findIndex(({ kind }) => !BEFORE_OBJECTS.has(kind));
  return rest.slice(object, object + OBJECT_PIECES).some(({ kind }, place) => (place === 0 || kind !== 'pause') && WISHED.has(kind))
    && isKnowable(rest[object]);
}

/** What has an article, or is known with one. */
function isKnowable(piece: Piece | undefined): boolean {
  return piece !== undefined && (KNOWABLE.has(piece.kind) || (piece.kind === 'neutral' && piece.text.includes(' ')));
}

/** "The name of the bus station": what is wished for stands near the verb, where it goes to stands behind. */
const OBJECT_PIECES = 4;
const BEFORE_OBJECTS: ReadonlySet<Piece['kind']> = new Set(['learns', 'courtesy', 'joins', 'receives']);
const WISHED: ReadonlySet<Piece['kind']> = new Set(['information', 'facts', 'asks']);
const KNOWABLE: ReadonlySet<Piece['kind']> = new Set(['points', ...WISHED]);
