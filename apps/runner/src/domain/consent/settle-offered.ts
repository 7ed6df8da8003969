import type { Lexicon } from './lexicon.ts';
import type { Piece } from './piece.ts';
import type { Offer } from './read-offer.ts';

/** "Monday it is" */
export function settlesValue(pieces: Piece[], index: number, { settles }: Lexicon): boolean {
  const [value, first] = pieces.slice(Math.max(0, index - 2), index);
  const text = pieces[index]?.text ?? '';
  if (!endsClause(pieces, index)) return false;
  return (settles.has(`${first?.text ?? ''} ${text}`) && isValue(value)) || (settles.has(text) && isValue(pieces[index - 1]));
}

/** "No bags", where none were read. */
export function isNegated(pieces: Piece[], index: number, offer: Offer): boolean {
  const { kind } = pieces[index] ?? { kind: 'pause' };
  const next = pieces.slice(index + 1).find((piece) => piece.kind !== 'points' && piece.kind !== 'neutral');
  return (kind === 'no' || kind === 'not') && next !== undefined && offer.negates(lastWord(next));
}

/** "With one bag", where none were read. */
export function isWithWhatWasNot(pieces: Piece[], index: number, { indefinite }: Lexicon, offer: Offer): boolean {
  const piece = pieces[index];
  const before = pieces[index - 1];
  const noun = lastWord(piece ?? { text: '' });
  if (!piece || !before || !(offer.negates(noun) || offer.negates(`${noun}s`)) || pieces.slice(0, index).some(({ kind }) => kind === 'no' || kind === 'not')) return false;
  return piece.text.includes(' ') || before.kind === 'repeated' || before.kind === 'newValue' || indefinite.has(before.text);
}

/** "Fifty in total" where it was per night, and "eine Nacht" where it was three. */
export function isOtherAmount(pieces: Piece[], index: number, { values }: Lexicon, offer: Offer): boolean {
  const { text } = pieces[index] ?? { text: '' };
  const before = pieces[index - 1];
  if (before?.kind === 'points' && offer.isForMoreThanOne(text)) return values.ones.has(before.text);
  return values.totals.has(text) && before?.kind === 'repeated' && !offer.has(lastWord({ text })) && offer.isDistributive;
}

/** "What I want is a new provider" */
export function wantsAnother(pieces: Piece[], index: number, { auxiliaries }: Lexicon): boolean {
  const { kind, text } = pieces[index] ?? { kind: 'pause', text: '' };
  const opens = (pieces[index - 1]?.kind ?? 'pause') === 'pause';
  return kind === 'approves' && opens && text.includes(' ') && index + 2 < pieces.length && auxiliaries.has(pieces[index + 1]?.text ?? '') && /^(what|was|lo)\b/.test(text);
}

/** "Confirm", where the question was whether to: nothing else is said, or only behind it. */
export function isWholeAnswer(pieces: Piece[], index: number, offer: Offer): boolean {
  const text = pieces[index]?.text ?? '';
  const end = pieces.findIndex(({ kind, text: mark }) => kind === 'pause' && /[.!]/.test(mark));
  const sentence = end < 0 ? pieces : pieces.slice(0, end);
  return index < sentence.length && sentence.every(({ kind }, place) => place === index || kind === 'pause' || kind === 'courtesy') && (offer.has(text) || offer.hasFormOf(text));
}

/** "Save it", in the words of the question. */
export function answersInItsWords(pieces: Piece[], index: number, offer: Offer): boolean {
  const [piece, object] = pieces.slice(index);
  const before = pieces[index - 1]?.kind ?? 'pause';
  if (!piece || !object || !PLAIN.has(piece.kind) || (before !== 'pause' && before !== 'courtesy' && before !== 'yes')) return false;
  return (object.kind === 'closes' || object.kind === 'points') && !piece.inQuestion && endsClause(pieces, index + 1) && offer.says(piece.text, object.text);
}
const PLAIN: ReadonlySet<Piece['kind']> = new Set(['repeated', 'neutral', 'unknown']);

/** "Okay" and "okay, thanks" are a yes to a question for one; "okay..." and "okay, where is it?" still think about it. */
export function settleAssent(pieces: Piece[], { assents, thanks }: Lexicon, offer: Offer): Piece[] {
  const [first, ...rest] = pieces;
  if (!first || !assents.words.has(first.text) || !offer.takesOkay) return pieces;
  const isDotted = rest[0]?.text === '…' || (rest[0]?.text === '.' && rest[1]?.text === '.');
  const isAlone = rest.every(({ kind, text }) => (kind === 'pause' && text !== '?') || (kind === 'courtesy' && thanks.has(text.split(' ', 1)[0] ?? '')));
  return isAlone && !isDotted ? [{ ...first, kind: 'yes' }, ...rest] : pieces;
}

/** "Okay, confirm" */
export function isBareOrder(pieces: Piece[], index: number, { orderVerbs }: Lexicon): boolean {
  if (!orderVerbs.has(pieces[index]?.text ?? '') || pieces[index]?.inQuestion || !endsClause(pieces, index)) return false;
  const before = pieces.slice(0, index).filter(({ kind }) => kind !== 'pause' && kind !== 'courtesy');
  return before.length > 0 && before.every(({ kind }) => kind === 'yes' || kind === 'exact' || kind === 'backchannel' || kind === 'approves');
}

function isValue(piece: Piece | undefined): boolean {
  return piece?.kind === 'repeated';
}

function endsClause(pieces: Piece[], index: number): boolean {
  const next = pieces[index + 1]?.kind ?? 'pause';
  return next === 'pause' || next === 'courtesy';
}

function lastWord({ text }: Pick<Piece, 'text'>): string {
  return text.slice(text.lastIndexOf(' ') + 1);
}
