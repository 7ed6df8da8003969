import type { ConsentJudgement, ConsentQuestion } from './consent-judge.ts';
import { LEXICONS } from './lexicon.ts';
import type { Lexicon } from './lexicon.ts';
import { readAnswer } from './read-answer.ts';
import type { Piece } from './piece.ts';
import { Offer } from './read-offer.ts';
import { readWords } from './read-words.ts';
import { settleAssent } from './settle-offered.ts';

/** More than anybody says between two turns; what is behind it could be anything. */
const MOST_WORDS = 400;

type Kinds = readonly Piece['kind'][];
const AGREEMENT: Kinds = ['yes', 'exact', 'proceeds', 'approves'];
const REFUSAL: Kinds = ['no', 'not', 'stops'];
const WAVERING: Kinds = ['holds', 'hedges', 'repairs'];

/**
 * Judges whether an answer agrees to what was read. It agrees only if something says yes and every other word is known to leave it
 * a yes: a wrong yes does what nobody wanted, a missed one costs a second question.
 */
export function judgeConsent(question: ConsentQuestion): ConsentJudgement {
  const lexicon = LEXICONS[question.language];
  const words = readWords(question.words, lexicon);
  if (words.length > MOST_WORDS) return unclear([], 'says too much for an answer', true);
  const offer = new Offer(question, lexicon);
  const pieces = settleAssent(settleNegations(readAnswer(words, lexicon, offer), lexicon), lexicon, offer);
  return judgeChange(pieces, offer) ?? judgeRefusal(pieces) ?? judgeWavering(pieces) ?? judgeRest(pieces, lexicon, offer);
}

/** "No, that's right" and "no, it's fine, go ahead" agree: the refusal before such words refuses something else. */
function settleNegations(pieces: Piece[], lexicon: Lexicon): Piece[] {
  const { noNegates } = lexicon;
  return pieces.map((piece, index) => {
    if (piece.kind !== 'no') return piece;
    if (noNegates && negatesNext(pieces[index + 1])) return { ...piece, kind: 'not' };
    const next = pieces.slice(index + 1).find(({ kind }) => !PASSED_OVER.includes(kind));
    return next && (next.kind === 'exact' || (startsWithYes(piece, lexicon) && nextMeaning(pieces, index) === 'approves') || isOrderBehindApproval(pieces, index)) ? { ...piece, kind: 'neutral' } : piece;
  });
}
/** "No es correcto", but not "no, gracias". */
function negatesNext(next: Piece | undefined): boolean {
  return next !== undefined && next.kind !== 'pause' && next.kind !== 'courtesy';
}

function nextMeaning(pieces: Piece[], index: number, ...passedOver: Kinds): Piece['kind'] | undefined {
  const says = ({ kind }: Piece) => !PASSED_OVER.includes(kind) && !passedOver.includes(kind) && kind !== 'neutral' && kind !== 'closes';
  return pieces.slice(index + 1).find(says)?.kind;
}

/** "Yeah no that's perfect" */
function startsWithYes({ text }: Piece, { kindOf }: Lexicon): boolean {
  return text.includes(' ') && kindOf(text.split(' ', 1)[0] ?? '') === 'yes';
}

const PASSED_OVER: Kinds = ['pause', 'no', 'yes', 'backchannel', 'courtesy', 'points'];

/** "No, that's fine, go ahead", but not "no, book the table for two": one value misread, and that would be a yes. */
function isOrderBehindApproval(pieces: Piece[], index: number): boolean {
  const rest = pieces.slice(index + 1);
  const order = rest.findIndex(({ kind }) => kind === 'proceeds');
  const isApproved = rest.slice(0, Math.max(0, order)).some(({ kind }) => kind === 'approves');
  return nextMeaning(pieces, index, 'approves') === 'proceeds' && isApproved;
}

function judgeChange(pieces: Piece[], { isKnown }: Offer): ConsentJudgement | null {
  const asksAway = pieces.filter(({ kind }) => kind === 'changes');
  const values = pieces.filter(({ kind }) => kind === 'newValue');
  const contrasts = pieces.filter(isOpenContrast);
  if (asksAway.length > 0) return changed([...asksAway, ...values], 'asks for something else');
  if (values.length > 0 && isKnown) return changed(values, 'names a value that was not read');
  if (contrasts.length > 0 && has(pieces, AGREEMENT)) return changed(contrasts, 'agrees with a reservation');
  const wish = pieces.findIndex(({ kind }) => kind === 'requests');
  const unread = pieces.slice(wish + 1).filter(({ kind }) => kind === 'unknown' || kind === 'things');
  if (wish >= 0 && unread.length > 0) return changed(unread, 'wishes for what was not read');
  if (values.length > 0 && !has(pieces, AGREEMENT)) return changed(values, 'names a value in place of an answer');
  return values.length > 0 ? unclear(values, 'names a value, and nothing is known that it could repeat', false) : null;
}

/** "It works, but do they have parking?" takes nothing back. */
function isOpenContrast({ kind }: Piece, index: number, pieces: Piece[]): boolean {
  if (kind !== 'contrasts' || endsQuestion(pieces, index)) return false;
  const next = pieces.slice(index + 1).find((piece) => piece.kind !== 'pause' && piece.kind !== 'courtesy' && piece.kind !== 'joins');
  return next?.kind !== 'asked';
}

/** "I'll need the address though" */
function endsQuestion(pieces: Piece[], index: number): boolean {
  return pieces[index - 1]?.kind === 'asked' && (pieces[index + 1]?.kind ?? 'pause') === 'pause';
}

function judgeRefusal(pieces: Piece[]): ConsentJudgement | null {
  const refusals = pieces.filter(({ kind }) => REFUSAL.includes(kind));
  const last = refusals.at(-1);
  if (!last) return null;
  const agreesAfterwards = has(pieces.slice(pieces.lastIndexOf(last) + 1), ['yes', 'proceeds', 'exact']) && last.kind !== 'not';
  if (agreesAfterwards) return unclear(refusals, 'says no and then yes', true);
  if (refusals.some(({ kind }) => kind === 'no') || !has(pieces, WAVERING)) return judged('negate', refusals, 'refuses');
  return null;
}

function judgeWavering(pieces: Piece[]): ConsentJudgement | null {
  const wavering = pieces.filter(({ kind }) => WAVERING.includes(kind) || REFUSAL.includes(kind));
  if (wavering.length === 0) return null;
  if (wavering.some(({ kind }) => kind === 'holds')) return unclear(wavering, 'asks for time', true);
  if (wavering.some(({ kind }) => kind === 'repairs')) return unclear(wavering, 'asks to hear or understand it again', true);
  return unclear(wavering, 'is in doubt', true);
}

function judgeRest(pieces: Piece[], lexicon: Lexicon, offer: Offer): ConsentJudgement {
  const strange = pieces.filter(({ kind }) => STRANGE.includes(kind));
  if (strange.length > 0) return unclear(strange, 'says something beside a yes that could change it', false);
  if (!repeatsInOrder(pieces, lexicon.values.directions, offer)) return unclear(pieces.filter(({ kind }) => kind === 'repeated'), 'repeats what was read in another order', true);
  const tail = pieces.findLast(({ kind }) => kind !== 'pause' && kind !== 'courtesy');
  if (tail?.inQuestion && (TAGS.includes(tail.kind) || isTag(tail, pieces, lexicon))) return unclear([tail], 'asks whether it is so', true);
  const agreement = pieces.filter(countsAsAgreement);
  const sure = agreement.filter(({ kind }) => kind !== 'approves' && kind !== 'exact');
  const doubts = pieces.filter(({ kind }) => kind === 'doubts');
  if (doubts.length > 0 && sure.length === 0) return unclear(doubts, 'is in doubt', true);
  if (agreement.length > 0) return judged('affirm', agreement, 'agrees');
  if (has(pieces, ['asked', 'asks'])) return unclear(pieces.filter(({ kind }) => kind === 'asked'), 'asks, and does not answer', true);
  return unclear(pieces.filter(({ kind }) => kind === 'backchannel'), 'neither agrees nor refuses', false);
}
const STRANGE: Kinds = ['unknown', 'turns', 'things', 'information', 'asks'];

/** What asks for a yes when it is said as a question. */
const TAGS: Kinds = ['yes', 'exact', 'approves', 'backchannel'];

/** "And it's the window seat, is it?" */
function isTag(tail: Piece, pieces: Piece[], { auxiliaries, subjects }: Lexicon): boolean {
  const [verb = '', ...subject] = tail.text.split(' ');
  return pieces[pieces.indexOf(tail) - 1]?.text === ',' && auxiliaries.has(verb) && subjects.has(subject.join(' '));
}

/** "That's right?" asks for a yes. */
function countsAsAgreement({ kind, inQuestion }: Piece, index: number, pieces: Piece[]): boolean {
  if (!AGREEMENT.includes(kind)) return false;
  return !inQuestion || pieces.slice(index).some((piece) => piece.kind === 'asked' || piece.kind === 'requests');
}

/** "From Anaheim to Sacramento" repeats every word of "from Sacramento to Anaheim". */
function repeatsInOrder(pieces: Piece[], directions: Set<string>, offer: Offer): boolean {
  let last = -1;
  return valuesInOrder(pieces) && pieces.every(({ kind, text }, index) => {
    const place = kind === 'repeated' ? offer.endOf(text) : null;
    if (place === null) return true;
    const isBehind = place >= last;
    last = place;
    const preposition = pieces.slice(0, index).findLast((piece) => piece.kind !== 'points')?.text ?? '';
    return offer.reverses(preposition, text) ? false : isBehind || directions.has(preposition);
  });
}

/** "From the 9th to the 5th" */
function valuesInOrder(pieces: Piece[]): boolean {
  const places = Map.groupBy(pieces.flatMap(({ value }) => value ?? []), ({ kind }) => kind);
  return [...places.values()].every((values) => values.every(({ place }, index) => place >= (values[index - 1]?.place ?? 0)));
}

function has(pieces: Piece[], kinds: Kinds): boolean {
  return pieces.some(({ kind }) => kinds.includes(kind));
}

function changed(pieces: Piece[], reason: string): ConsentJudgement {
  return judged('changed', pieces, reason);
}

function unclear(pieces: Piece[], reason: string, wavers: boolean): ConsentJudgement {
  return { ...judged('unclear', pieces, reason), wavers };
}

function judged(verdict: ConsentJudgement['verdict'], pieces: Piece[], why: string): ConsentJudgement {
  const seen = pieces.map(({ text }) => text);
  const quoted = seen.length > 0 ? `: "${seen.join('", "')}"` : '';
  return { verdict, seen, reason: `The caller ${why}${quoted}.`, wavers: false };
}
