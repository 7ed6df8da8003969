import type { Lexicon } from './lexicon.ts';
import type { Offer } from './read-offer.ts';
import type { Piece } from './piece.ts';

/** "Is that song from 2018?" behind a yes: where no day was read, a year is asked for out of interest. */
export function readYears(pieces: Piece[], lexicon: Lexicon, offer: Offer): Piece[] {
  const years = pieces.flatMap((piece, index) => (piece.kind === 'newValue' && isAskedYear(pieces, index, lexicon) ? [index] : []));
  if (years.length === 0 || offer.isDated) return pieces;
  return pieces.map((piece, index) => (years.some((year) => index === year || opensAt(pieces, index, year)) ? { ...piece, kind: 'asked' } : piece));
}

function isAskedYear(pieces: Piece[], index: number, lexicon: Lexicon): boolean {
  const before = pieces.slice(sentenceStart(pieces, index), index);
  const hasAgreed = pieces.slice(0, index).some(({ kind }) => AGREED.has(kind));
  return hasAgreed && before.some(({ kind }) => kind === 'asked' || kind === 'hedges') && isYear(pieces, index, before, lexicon);
}

/** "2018", "released in 18", "two years ago" */
function isYear(pieces: Piece[], index: number, before: Piece[], { origins, values }: Lexicon): boolean {
  const { text } = pieces[index] ?? { text: '' };
  if (FULL_YEAR.test(text)) return true;
  if (!SHORT_YEAR.test(text) && !values.numbers.has(text)) return false;
  const words = ` ${before.map((piece) => piece.text).join(' ')} `;
  const behind = pieces.slice(index + 1, index + 3).map((piece) => piece.text).join(' ');
  return origins.before.some((phrase) => words.includes(` ${phrase} `)) || origins.behind.some((phrase) => behind.startsWith(phrase));
}
const FULL_YEAR = /^(19|20)\d\d$/;
const SHORT_YEAR = /^\d{1,2}$/;

function opensAt(pieces: Piece[], index: number, year: number): boolean {
  return index < year && index >= sentenceStart(pieces, year) && pieces[index]?.kind === 'hedges';
}

function sentenceStart(pieces: Piece[], index: number): number {
  return pieces.findLastIndex(({ kind, text }, place) => place < index && kind === 'pause' && text !== ',') + 1;
}

const AGREED: ReadonlySet<Piece['kind']> = new Set(['yes', 'exact', 'proceeds', 'approves']);
