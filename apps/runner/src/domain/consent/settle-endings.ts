import type { Lexicon } from './lexicon.ts';
import type { Piece } from './piece.ts';
import type { Offer } from './read-offer.ts';

const IN_REASONS: ReadonlySet<Piece['kind']> = new Set(['not', 'no', 'unknown', 'stops', 'changes', 'turns']);
const BEFORE_ORDERS: ReadonlySet<Piece['kind']> = new Set(['pause', 'yes', 'exact', 'proceeds', 'approves', 'backchannel', 'courtesy', 'joins']);

/** "I don't use it anymore" is why a subscription ends; "I don't want to cancel it anymore" is not. */
export function isOver(pieces: Piece[], index: number, { endings }: Lexicon, offer: Offer): boolean {
  const { kind } = pieces[index] ?? { kind: 'pause' };
  if (!IN_REASONS.has(kind)) return false;
  const clause = clauseAt(pieces, index);
  return clause.some((piece) => piece.kind === 'over') && offer.isEnding && !clause.some(({ text }) => endings.has(text));
}

/** "Please cancel it", where it was read that something ends. */
export function ordersEnding(pieces: Piece[], index: number, before: Piece[], { endings }: Lexicon, offer: Offer): boolean {
  const piece = pieces[index];
  if (!piece || piece.kind !== 'repeated' || !endings.has(piece.text) || !offer.isEnding) return false;
  const next = pieces[index + 1]?.kind ?? 'pause';
  return BEFORE_ORDERS.has(before.at(-1)?.kind ?? 'pause') && (index > 0 || next !== 'pause');
}

/** "Cancel the cancellation": a second word for calling off is what the first one calls off. */
export function callsOff(pieces: Piece[], index: number, { kindOf, endings }: Lexicon): boolean {
  const { text } = pieces[index] ?? { text: '' };
  const verb = pieces.slice(0, index - 1).findLast(({ kind }) => kind !== 'neutral' && kind !== 'receives');
  const isCallingOff = (said: string) => endings.has(said) || (verb && endings.has(verb.text) && said.slice(0, STEM_LETTERS) === verb.text.slice(0, STEM_LETTERS));
  return pieces[index - 1]?.kind === 'points' && verb !== undefined && endings.has(verb.text) && (isCallingOff(text) || kindOf(text) === 'stops');
}

/** "Cancel my card" where a subscription was read: with this verb a noun is not the one spoken of by its article alone. */
export function isCalledOff(pieces: Piece[], index: number, { endings, definite, kindOf, movings }: Lexicon, offer: Offer): boolean {
  const text = (pieces[index]?.text ?? '').split(' ').at(-1) ?? '';
  const verb = pieces.slice(0, index).findLast((piece) => piece.kind !== 'points' && piece.kind !== 'receives' && !definite.has(piece.text));
  return verb !== undefined && (endings.has(verb.text) || (offer.isChanging && movings.has(verb.text))) && (!offer.has(text) || kindOf(text) === 'information');
}

const STEM_LETTERS = 5;

function clauseAt(pieces: Piece[], index: number): Piece[] {
  const start = pieces.findLastIndex(({ kind }, place) => place < index && kind === 'pause') + 1;
  const end = pieces.findIndex(({ kind }, place) => place >= index && kind === 'pause');
  return pieces.slice(start, end < 0 ? undefined : end);
}
