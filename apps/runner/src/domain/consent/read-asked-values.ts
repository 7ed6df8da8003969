import type { Lexicon } from './lexicon.ts';
import type { Offer } from './read-offer.ts';
import type { Piece } from './piece.ts';

/**
 * Values that a question behind a yes asks about, and that change nothing: the year of a song, how many bathrooms there are, the price of
 * one ticket. A question with any other value may be a wish: "is it for five?"
 */
export function readAskedValues(pieces: Piece[], lexicon: Lexicon, offer: Offer): Piece[] {
  const asked = new Set(pieces.flatMap((piece, index) => (piece.kind === 'newValue' && isAskedAbout(pieces, index, lexicon, offer) ? [index] : [])));
  if (asked.size === 0) return pieces;
  return pieces.map((piece, index) => (asked.has(index) || opensQuestionOf(pieces, index, asked) ? { ...piece, kind: 'asked' } : piece));
}

function isAskedAbout(pieces: Piece[], index: number, lexicon: Lexicon, offer: Offer): boolean {
  const before = pieces.slice(sentenceStart(pieces, index), index);
  const hasAgreed = pieces.slice(0, index).some(({ kind }) => AGREED.has(kind));
  if (!hasAgreed || !before.some(({ kind }) => kind === 'asked' || kind === 'hedges')) return false;
  if (before.some(({ text }) => lexicon.kindOf(text) === 'requests')) return false;
  const question: Question = { text: pieces[index]?.text ?? '', before: ` ${before.map(({ text }) => text).join(' ')} `, next: pieces[index + 1] };
  if (isNoun(pieces, index, lexicon)) return true;
  return (!offer.isDated && isYear(question, pieces.slice(index + 1), lexicon)) || isProperty(question, lexicon, offer) || isPriceOfOne(question, lexicon);
}

/** "Is it a furnished one?" */
function isNoun(pieces: Piece[], index: number, { kindOf, values }: Lexicon): boolean {
  const [before, one, next] = pieces.slice(index - 1);
  return before?.kind === 'asked' && kindOf(before.text) === null && values.pronouns.has(one?.text ?? '') && (next?.kind ?? 'pause') === 'pause';
}

interface Question {
  text: string;
  /** What the sentence says before the value. */
  before: string;
  next: Piece | undefined;
}

/** "2018", "released in 18", "two years ago" */
function isYear({ text, before }: Question, rest: Piece[], { askedValues, values }: Lexicon): boolean {
  if (FULL_YEAR.test(text)) return true;
  if (!SHORT_YEAR.test(text) && !values.numbers.has(text)) return false;
  const behind = rest.slice(0, 2).map((piece) => piece.text).join(' ');
  return askedValues.origins.some((phrase) => before.includes(` ${phrase} `)) || askedValues.ago.some((phrase) => behind.startsWith(phrase));
}
const FULL_YEAR = /^(19|20)\d\d$/;
const SHORT_YEAR = /^\d{1,2}$/;

/** "Does it have 2 bathrooms" and "is it 20 minutes away", where no such thing was read. */
function isProperty({ text, before, next }: Question, { askedValues, values, kindOf }: Lexicon, offer: Offer): boolean {
  const isNumber = SHORT_YEAR.test(text) || values.numbers.has(text);
  const counted = isNumber && next?.kind === 'asked' ? next.text : text.slice(text.lastIndexOf(' ') + 1);
  if (offer.has(counted) || offer.hasFormOf(counted)) return false;
  if (askedValues.measures.has(counted)) return true;
  return isNumber && next?.kind === 'asked' && !values.units.has(counted) && COUNTED.has(kindOf(counted) ?? 'things') && askedValues.having.some((phrase) => before.includes(` ${phrase} `));
}

const COUNTED: ReadonlySet<Piece['kind']> = new Set(['things', 'neutral', 'information', 'facts']);

/** "How much is one ticket", "the price of a single night" */
function isPriceOfOne({ text, before, next }: Question, { askedValues }: Lexicon): boolean {
  const isOne = askedValues.one.has(text.split(' ', 1)[0] ?? '') && (text.includes(' ') || next?.kind === 'newValue' || next?.kind === 'asked');
  const isOfOne = [...askedValues.one].some((one) => before.endsWith(` ${one} `));
  return (isOne || isOfOne) && askedValues.prices.some((phrase) => before.includes(` ${phrase} `));
}

/** "Is it from 2018" */
function opensQuestionOf(pieces: Piece[], index: number, asked: Set<number>): boolean {
  return pieces[index]?.kind === 'hedges' && [...asked].some((value) => index < value && index >= sentenceStart(pieces, value));
}

function sentenceStart(pieces: Piece[], index: number): number {
  return pieces.findLastIndex(({ kind, text }, place) => place < index && kind === 'pause' && text !== ',') + 1;
}

const AGREED: ReadonlySet<Piece['kind']> = new Set(['yes', 'exact', 'proceeds', 'approves']);
