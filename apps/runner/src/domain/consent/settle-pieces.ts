import type { Lexicon } from './lexicon.ts';
import type { Piece } from './piece.ts';
import type { Offer } from './read-offer.ts';
import { callsOff, isCalledOff, isOver, ordersEnding } from './settle-endings.ts';
import { answersInItsWords, isBareOrder, isNegated, isOtherAmount, isWholeAnswer, isWithWhatWasNot, settlesValue, wantsAnother } from './settle-offered.ts';
import { BEFORE_QUESTIONS, wantsToKnow } from './read-wishes.ts';

/** Gives a piece the meaning that it has from the pieces beside it. */
export function settlePieces(pieces: Piece[], lexicon: Lexicon, offer: Offer): Piece[] {
  const settled: Piece[] = [];
  for (const [index, piece] of pieces.entries()) {
    // "Saturday instead of Thursday" names them in another order, and says the same.
    const isMovedFrom = offer.isChanging && lexicon.movings.has(pieces[index - 1]?.text ?? '');
    settled.push({ ...piece, ...(isMovedFrom && { value: undefined }), kind: kindBeside(pieces, index, settled, lexicon, offer) });
  }
  return settled;
}

/** What can be offered says nothing new where it can only be what was offered. */
export function settleNouns(pieces: Piece[], lexicon: Lexicon, offer: Offer): Piece[] {
  return pieces.map((piece, index) => {
    const isKnown = NOUNS.has(piece.kind) && !isCalledOff(pieces, index, lexicon, offer) && !isAdded(pieces, index, offer) && (piece.text.split(' ').every((word) => offer.has(word)) || offer.hasWithin(piece.text) || isDefinite(pieces.slice(0, index), lexicon) || isAskedFor(pieces, index));
    if (piece.kind === 'neutral' && isCalledOff(pieces, index, lexicon, offer) && definiteNoun(piece, lexicon)) return { ...piece, kind: 'things' };
    if (!isKnown) return piece;
    return { ...piece, kind: endsClause(pieces, index) && endsAttribute(pieces, index, lexicon) ? 'approves' : 'neutral' };
  });
}

function kindBeside(pieces: Piece[], index: number, before: Piece[], lexicon: Lexicon, offer: Offer): Piece['kind'] {
  const { kind, text } = pieces[index] ?? { kind: 'pause', text: '' };
  const next = pieces[index + 1];
  // "Until the tenth" doubts nothing, and "no insurance" refuses nothing that was read like this.
  if (kind === 'hedges' && lexicon.values.timeBefore.has(text) && isValue(pieces.slice(index + 1).find((piece) => piece.kind !== 'points'))) return 'neutral';
  if (isCondition(pieces, index, before, lexicon)) return 'hedges';
  if (kind === 'over') return offer.isEnding ? 'neutral' : 'not';
  if (asksOn(pieces, index, before, lexicon, offer)) return 'asks';
  if (isOver(pieces, index, lexicon, offer)) return 'neutral';
  if (ordersEnding(pieces, index, before, lexicon, offer)) return 'proceeds';
  if (lexicon.keeps.has(text) && (offer.isEnding || offer.isChanging) && !before.some((piece) => piece.kind === 'asks')) return 'changes';
  if (limitsNothing(pieces, index, lexicon, offer)) return 'neutral';
  if (callsOff(pieces, index, lexicon)) return 'changes';
  if (namesSomebody(pieces, index, lexicon, offer)) return 'newValue';
  if (lexicon.particles.has(text) && endsClause(pieces, index) && before.some((piece) => piece.kind === 'proceeds' || piece.kind === 'repeated')) return 'neutral';
  if (isOtherAmount(pieces, index, lexicon, offer)) return 'newValue';
  if (kind === 'holds' && text.split(' ').every((word) => offer.has(word))) return 'repeated';
  if (lexicon.values.distributive.has(text) && before.at(-1)?.kind === 'repeated' && !offer.has(lastWord({ text }))) return 'newValue';
  if (kind === 'turns' && !text.includes(' ') && offer.has(text) && next?.kind === 'repeated') return 'repeated';
  if (settlesValue(pieces, index, lexicon)) return 'yes';
  if (offer.isChanging && (kind === 'changes' || kind === 'turns' || kind === 'stops') && lexicon.movings.has(text)) return 'repeated';
  if (isNegated(pieces, index, offer)) return 'repeated';
  if (isWithWhatWasNot(pieces, index, lexicon, offer)) return 'newValue';
  if (wantsAnother(pieces, index, lexicon)) return 'unknown';
  if (lexicon.thinking.has(text) && SURE.has(pieces.slice(index + 1).find((piece) => !BETWEEN.has(piece.kind))?.kind ?? 'pause')) return 'neutral';
  if (text.length === 1 && isOtherLetter(pieces, index, offer)) return 'newValue';
  if (lexicon.intents.has(text) && next && (next.kind === 'repeated' || offer.hasFormOf(firstWord(next)))) return 'neutral';
  if ((kind === 'no' || kind === 'not') && next && offer.before(firstWord(next)).includes(text)) return 'repeated';
  if (kind === 'newValue') return kind;
  if (beginsOrder(pieces, index, before, lexicon, offer) || isBareOrder(pieces, index, lexicon) || answersInItsWords(pieces, index, offer)) return 'proceeds';
  if (isPointedAt(pieces, index, lexicon)) return 'repeated';
  if (kind === 'requests' && next?.kind !== 'points' && next?.kind !== 'unknown' && endsAttribute(pieces, index, lexicon)) return 'approves';
  if (kind === 'unknown' && pieces[index + 1]?.kind === 'requests' && endsAttribute(pieces, index + 1, lexicon)) return 'repeated';
  if (kind === 'unknown' && isThankedFor(before, lexicon)) return 'courtesy';
  if (kind !== 'unknown' || !before.some((piece) => AGREED.has(piece.kind))) return kind;
  // One typing error in a clear yes is not worth a second question.
  return (before.at(-1)?.kind !== 'points' && lexicon.mayMeanAgreement(text)) || isImpression(pieces, index, lexicon) ? 'neutral' : kind;
}

/** "That hotel sounds nice": whatever it is, it is what was read. "I want that delivered" is not. */
function isPointedAt(pieces: Piece[], index: number, { demonstratives, definite, fondness }: Lexicon): boolean {
  const pointer = pieces[index - 1];
  if (pieces[index]?.kind === 'unknown' && pointer && definite.has(pointer.text) && fondness.has(lastWord(pieces[index - 2] ?? { text: '' })) && endsClause(pieces, index)) return true;
  const next = pieces[index + 1]?.kind;
  if (pieces[index]?.kind !== 'unknown' || !pointer || !demonstratives.has(pointer.text)) return false;
  return BEFORE_QUESTIONS.has(pieces[index - 2]?.kind ?? 'pause') && (next === 'neutral' || next === 'approves' || next === 'exact');
}

/** "Thanks for checking" */
function isThankedFor(before: Piece[], { thanks }: Lexicon): boolean {
  const start = before.findLastIndex(({ kind }) => kind === 'pause') + 1;
  const at = before.findIndex((piece, index) => index >= start && (thanks.has(piece.text) || thanks.has(firstWord(piece))));
  return at >= 0 && before.length - at <= THANKS_PIECES;
}
/** "For your help with this reservation" */
const THANKS_PIECES = 5;

/** "Yes, what do I bring" and "yes, what was the release year": behind a yes, what asks for more than was read is no wish to hear it again. */
function asksOn(pieces: Piece[], index: number, before: Piece[], { questionWords }: Lexicon, offer: Offer): boolean {
  const { kind, text } = pieces[index] ?? { kind: 'pause', text: '' };
  const next = pieces[index + 1]?.kind ?? 'pause';
  if (kind !== 'repairs' || !before.some((piece) => AGREED.has(piece.kind))) return false;
  return questionWords.has(text) ? next !== 'pause' && next !== 'courtesy' : questionWords.has(firstWord({ text })) && isNews(pieces.slice(index + 1), offer);
}

/** What is asked for up to the end of the sentence, and was not read. */
function isNews(rest: Piece[], offer: Offer): boolean {
  const end = rest.findIndex(({ kind }) => kind === 'pause');
  const asked = rest.slice(0, end < 0 ? undefined : end);
  const words = asked.filter(({ kind }) => kind !== 'points').flatMap(({ text }) => text.split(' '));
  // "The time" is of what was read, whether the word is in it or not.
  return words.length > 1 && asked.some(({ kind }) => kind === 'information') && !words.some((word) => offer.has(word));
}

/** "Just one ticket" where one was read. */
function limitsNothing(pieces: Piece[], index: number, { limits, indefinite }: Lexicon, offer: Offer): boolean {
  const [next, behind] = pieces.slice(index + 1);
  if (!limits.has(pieces[index]?.text ?? '') || !next) return false;
  return (next.kind === 'repeated' && (next.value !== undefined || isNumber(next))) || (offer.isForOne && (offer.has(next.text) || (indefinite.has(next.text) && behind !== undefined && offer.has(behind.text))));
}

/** "To Will", "my brother as well" */
function namesSomebody(pieces: Piece[], index: number, { names, prepositions, definite, demonstratives }: Lexicon, offer: Offer): boolean {
  const text = pieces[index]?.text ?? '';
  if (!names.has(text) || pieces[index + 1]?.kind === 'repeated') return false;
  if (offer.before(text).some((word) => prepositions.has(word) || definite.has(word))) return false;
  const article = lastWord(pieces[index - 1] ?? { text: '' });
  return pieces[index - 1]?.kind === 'points' || (definite.has(article) && !demonstratives.has(article)) || (prepositions.has(pieces[index - 1]?.text ?? '') && endsClause(pieces, index));
}

/** "And my phone as well": what was not read and stands alone behind "and" is one thing more. */
function isAdded(pieces: Piece[], index: number, offer: Offer): boolean {
  const { kind, text } = pieces[index] ?? { kind: 'pause', text: '' };
  if (kind !== 'things' || offer.has(text) || pieces[index - 1]?.kind !== 'points') return false;
  const next = pieces[index + 1]?.kind ?? 'pause';
  return pieces[index - 2]?.kind === 'joins' && (next === 'pause' || next === 'joins' || next === 'closes');
}

/** "My account" */
function definiteNoun(piece: Piece, { definite }: Lexicon): boolean {
  return piece.text.includes(' ') && definite.has(firstWord(piece));
}

/** Seat "fourteen A" where 14C was read. */
function isOtherLetter(pieces: Piece[], index: number, offer: Offer): boolean {
  const { text } = pieces[index] ?? { text: '' };
  return pieces[index - 1]?.kind === 'repeated' && endsClause(pieces, index) && /^\p{L}$/u.test(text) && !offer.before(text).some((word) => /^\d/.test(word));
}

function isNumber({ text }: Piece): boolean {
  return /\d/.test(text) || text.includes(' ');
}

function isValue(piece: Piece | undefined): boolean {
  return piece?.kind === 'repeated' || piece?.kind === 'newValue';
}

/** "Sí, si incluye la vuelta": a yes was said before, and something follows at once. */
function isCondition(pieces: Piece[], index: number, before: Piece[], { conditions }: Lexicon): boolean {
  const next = pieces[index + 1]?.kind ?? 'pause';
  return conditions.has(pieces[index]?.text ?? '') && before.some(({ kind }) => AGREED.has(kind)) && next !== 'pause' && next !== 'courtesy' && !AGREED.has(next);
}

/** "That's the flight I want": the wish is what was read. */
function endsAttribute(pieces: Piece[], index: number, { subjects, demonstratives, definite }: Lexicon): boolean {
  const start = pieces.findLastIndex(({ kind }, place) => place < index && kind === 'pause') + 1;
  const clause = pieces.slice(start, index);
  const subject = clause.findIndex(({ text }) => demonstratives.has(text) || subjects.has(text));
  const noun = clause.slice(subject + 1);
  return subject >= 0 && noun.length >= 2 && noun.length <= ATTRIBUTE_PIECES && noun.some(({ text }) => definite.has(text));
}

function endsClause(pieces: Piece[], index: number): boolean {
  const next = pieces[index + 1]?.kind ?? 'pause';
  return next === 'pause' || next === 'courtesy';
}
const ATTRIBUTE_PIECES = 5;

/** "Book the car" and "play that": a verb at the beginning of a clause, and what was read behind it. */
function beginsOrder(pieces: Piece[], index: number, before: Piece[], lexicon: Lexicon, offer: Offer): boolean {
  const { orderVerbs, definite, movings } = lexicon;
  const piece = pieces[index];
  if (piece && isWholeAnswer(pieces, index, offer) && (orderVerbs.has(piece.text) || movings.has(piece.text))) return true;
  // "Get me the phone number"
  if (piece?.kind === 'learns' && wantsToKnow(pieces, index, lexicon)) return false;
  if (!piece || !orderVerbs.has(piece.text) || !BEFORE_ORDERS.has(before.at(-1)?.kind ?? 'pause')) return false;
  const object = pieces.slice(index + 1).find(({ kind }) => kind !== 'receives');
  return object !== undefined && (OBJECTS.has(object.kind) || definite.has(lastWord(object)) || definite.has(firstWord(object)));
}

/** A noun with a definite article, or with none behind an order or a number, is the one that was read. */
function isDefinite(before: Piece[], { definite, indefinite, demonstratives, prepositions, values }: Lexicon): boolean {
  const last = before.at(-1);
  const from = Math.max(before.findLastIndex(({ kind }) => kind === 'pause') + 1, before.length - ARTICLE_PIECES);
  const at = before.findLastIndex((piece, index) => index >= from && (definite.has(lastWord(piece)) || indefinite.has(lastWord(piece))));
  const article = before[at];
  if (!article) return last !== undefined && (last.kind === 'proceeds' || (last.kind === 'repeated' && (values.numbers.has(lastWord(last)) || /^\d/.test(last.text))));
  if (demonstratives.has(article.text)) return true;
  if (!article.text.includes(' ') && prepositions.has(before[at - 1]?.text ?? '')) return false;
  return definite.has(lastWord(article)) || last?.kind === 'approves' || last?.kind === 'exact';
}
const ARTICLE_PIECES = 4;

/** "Yes, phone number please" and "total cost?" */
function isAskedFor(pieces: Piece[], index: number): boolean {
  const before = pieces[index - 1]?.kind ?? 'pause';
  const next = pieces[index + 1];
  return pieces[index]?.kind === 'information' && (next?.kind === 'courtesy' || pieces[index]?.inQuestion) && (before === 'pause' || before === 'yes' || before === 'courtesy') && endsClause(pieces, index);
}

/** "Sounds fun": an opinion about what was read, whatever the word. */
function isImpression(pieces: Piece[], index: number, { senses }: Lexicon): boolean {
  const verb = pieces[index - 1];
  const next = pieces[index + 1]?.kind ?? 'pause';
  return verb !== undefined && senses.has(lastWord(verb)) && (next === 'pause' || next === 'joins' || next === 'courtesy' || next === 'contrasts' || next === 'closes');
}

function firstWord({ text }: Pick<Piece, 'text'>): string {
  return text.split(' ', 1)[0] ?? '';
}

function lastWord({ text }: Pick<Piece, 'text'>): string {
  return text.slice(text.lastIndexOf(' ') + 1);
}

const NOUNS: ReadonlySet<Piece['kind']> = new Set(['things', 'information']);
const AGREED: ReadonlySet<Piece['kind']> = new Set(['yes', 'exact', 'proceeds', 'approves']);
const BETWEEN: ReadonlySet<Piece['kind']> = new Set(['pause', 'courtesy', 'joins', 'neutral', 'closes']);
const SURE: ReadonlySet<Piece['kind']> = new Set(['yes', 'exact', 'proceeds']);
const OBJECTS: ReadonlySet<Piece['kind']> = new Set(['things', 'repeated']);
const BEFORE_ORDERS: ReadonlySet<Piece['kind']> = new Set(['pause', 'yes', 'exact', 'proceeds', 'approves', 'backchannel', 'courtesy', 'joins']);
