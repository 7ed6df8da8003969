import type { Lexicon } from './lexicon.ts';
import type { Piece } from './piece.ts';
import { BEFORE_QUESTIONS } from './read-wishes.ts';

/**
 * Beside a yes, "because we have a meeting" and "after that I need a taxi" say nothing about what was read, whatever they are about.
 * Values in them still count: whether "because at eight" is a reason or a wish cannot be told.
 */
export function readAsides(pieces: Piece[], { values }: Lexicon): Piece[] {
  let aside: Piece['kind'] | null = null;
  const hasAgreed = pieces.some(({ kind }) => AGREED.has(kind));
  return pieces.map((piece, index) => {
    if (aside !== null && ends(aside, piece)) aside = null;
    const mayBegin = piece.kind === 'reasons' || BEFORE_QUESTIONS.has(pieces[index - 1]?.kind ?? 'pause');
    if (hasAgreed && mayBegin && (piece.kind === 'reasons' || piece.kind === 'afterwards')) aside = piece.kind;
    if (piece.kind === 'reasons' || piece.kind === 'afterwards') return { ...piece, kind: aside ? 'joins' : 'unknown' };
    const isPast = aside === 'reasons' && values.past.has(piece.text.slice(piece.text.lastIndexOf(' ') + 1));
    return isPast || (aside !== null && IN_ASIDES.has(piece.kind)) ? { ...piece, kind: 'neutral' } : piece;
  });
}

function ends(aside: Piece['kind'], { kind, text }: Piece): boolean {
  return aside === 'afterwards' ? kind === 'pause' && text !== ',' : ENDS_REASON.has(kind);
}

const AGREED: ReadonlySet<Piece['kind']> = new Set(['yes', 'exact', 'proceeds', 'approves']);
const ENDS_REASON: ReadonlySet<Piece['kind']> = new Set(['pause', 'joins', 'contrasts', 'proceeds', 'requests', 'turns', 'changes', 'asks']);
const IN_ASIDES: ReadonlySet<Piece['kind']> = new Set(['unknown', 'things', 'information', 'facts', 'points', 'receives', 'learns', 'requests', 'joins', 'proceeds', 'closes']);
