import type { Lexicon } from './lexicon.ts';
import type { Piece } from './piece.ts';
import type { Offer } from './read-offer.ts';

/** "With insurance" where it was read that there is none names something else; "I don't need insurance" says what was read. */
export function settleDenied(pieces: Piece[], lexicon: Lexicon, offer: Offer): Piece[] {
  const isMentioned = ({ kind, text }: Piece) => MENTIONS.has(kind) && text.split(' ').some((word) => offer.denied.has(word));
  let settled = pieces;
  for (const [index, piece] of pieces.entries()) {
    if (!isMentioned(piece) || (piece.kind === 'asked' && !isWishedFor(pieces, index, lexicon))) continue;
    const negation = negationBefore(pieces, index, isMentioned, lexicon);
    // "I won't be needing insurance"
    const from = pieces[negation - 1]?.kind === 'turns' ? negation - 1 : negation;
    settled = settled.map((one, at) => {
      if (at === index) return { ...one, kind: negation >= 0 ? 'repeated' : 'newValue' };
      return negation >= 0 && at >= from && at < index ? { ...one, kind: 'repeated' } : one;
    });
  }
  return settled;
}

const MENTIONS: ReadonlySet<Piece['kind']> = new Set(['asked', 'repeated', 'neutral', 'unknown', 'things', 'facts', 'information', 'learns', 'approves', 'proceeds']);

/** "I want wifi" is no wish to know about it. */
function isWishedFor(pieces: Piece[], index: number, { kindOf }: Lexicon): boolean {
  const wish = pieces.slice(0, index).findLast(({ text }) => kindOf(text) !== 'points');
  return wish !== undefined && kindOf(wish.text) === 'requests';
}

/** Where the negation stands that turns a mention around, with nothing in between but wanting it; -1 if there is none. */
function negationBefore(pieces: Piece[], mention: number, isMentioned: (piece: Piece) => boolean, { wants }: Lexicon): number {
  const names = (piece: Piece) => piece.kind === 'points' || wants.determiners.has(piece.text) || isMentioned(piece);
  const isPassed = (piece: Piece) => names(piece) || piece.text.split(' ').every((word) => wants.verbs.has(word) || wants.determiners.has(word));
  const at = pieces.findLastIndex((piece, index) => index < mention && !isPassed(piece));
  const kind = pieces[at]?.kind;
  // "No insurance", but not "no I want insurance"
  const isTurned = kind === 'not' || (kind === 'no' && pieces.slice(at + 1, mention).every(names));
  return isTurned ? at : -1;
}
