import type { Lexicon } from './lexicon.ts';
import type { Piece } from './piece.ts';

/** Behind these a question may begin without a mark or a pause: transcripts rarely have them. */
export const BEFORE_QUESTIONS: ReadonlySet<Piece['kind']> = new Set(['pause', 'joins', 'closes', 'receives', 'yes', 'exact', 'proceeds', 'approves', 'no', 'backchannel', 'courtesy', 'contrasts', 'holds', 'turns']);

/** Turns what a question or a wish to know is about into `asked`: it says nothing for or against the read-back. */
export function readWishes(pieces: Piece[], lexicon: Lexicon): Piece[] {
  let asking = false;
  return pieces.map((piece, index) => {
    const before = pieces[index - 1]?.kind ?? 'pause';
    const mayOpen = BEFORE_QUESTIONS.has(before);
    if (endsSentence(piece)) asking = false;
    // "What is the address, and yes, that works"
    if (asking && mayOpen && (piece.kind === 'requests' || (piece.kind === 'yes' && before === 'joins'))) asking = false;
    asking ||= opensWish(pieces, index, mayOpen, lexicon);
    if (!asking && piece.kind === 'asks' && isStated(pieces, index, lexicon)) return { ...piece, kind: 'neutral' };
    const isObject = piece.kind === 'repairs' && lexicon.questionWords.has(piece.text);
    const isOfQuestion = piece.kind === 'not' && piece.inQuestion && isBehindAnswer(pieces, index);
    return asking && (isObject || isOfQuestion || IN_WISHES.has(piece.kind)) ? { ...piece, kind: 'asked' } : piece;
  });
}

/** "Yes, that's right. Can you tell me if it is not too far?" */
function isBehindAnswer(pieces: Piece[], index: number): boolean {
  const start = pieces.slice(0, index).findLastIndex(endsSentence);
  return pieces.slice(0, Math.max(0, start)).some(({ kind }) => AGREED.has(kind));
}

function opensWish(pieces: Piece[], index: number, mayOpen: boolean, lexicon: Lexicon): boolean {
  const { auxiliaries, subjects } = lexicon;
  const piece = pieces[index];
  if (!piece) return false;
  if (piece.text === '¿') return !isTag(pieces, index);
  if (piece.kind === 'asks' && !isStated(pieces, index, lexicon)) return mayOpen || piece.inQuestion || lexicon.kindOf(firstWord(piece)) === 'joins' || isStrong(pieces, index, lexicon);
  if (piece.kind === 'asks') return false;
  if (isOpener(pieces, index, mayOpen, lexicon) || statesQuestion(pieces, index, lexicon) || asksInPassing(pieces, index, lexicon)) return true;
  if (piece.kind === 'requests' || (piece.kind === 'learns' && mayOpen)) return wantsToKnow(pieces, index, lexicon);
  if (!piece.inQuestion || !mayOpen || isStated(pieces, index, lexicon)) return false;
  return auxiliaries.has(piece.text) || (subjects.has(firstWord(piece)) && asksLater(pieces, index));
}

/** "Yes that is right how much is it": nobody says these words for anything else. */
function isStrong(pieces: Piece[], index: number, { strongQuestions, openers }: Lexicon): boolean {
  const text = pieces[index]?.text ?? '';
  return (strongQuestions.has(text) || strongQuestions.has(text.split(' ', 1)[0] ?? '') || openers.has(text.slice(0, Math.max(0, text.indexOf(' '))))) && pieces.slice(0, index).some(({ kind }) => AGREED.has(kind));
}
const AGREED: ReadonlySet<Piece['kind']> = new Set(['yes', 'exact', 'proceeds', 'approves']);

/** "That is the flight": the subject stands first. */
function isStated(pieces: Piece[], index: number, { auxiliaries, subjects }: Lexicon): boolean {
  const piece = pieces[index];
  return piece !== undefined && subjects.has(pieces[index - 1]?.text ?? '') && auxiliaries.has(firstWord(piece));
}

/** "¿Bueno?" asks nothing about the read-back. */
function isTag(pieces: Piece[], index: number): boolean {
  const [tag, end] = pieces.slice(index + 1);
  return end?.text === '?' && (tag?.kind === 'approves' || tag?.kind === 'exact' || tag?.kind === 'backchannel');
}

/** "Yes are pets allowed": behind an answer an auxiliary and a noun are a question, with a mark or without. */
function isOpener(pieces: Piece[], index: number, mayOpen: boolean, { openers }: Lexicon): boolean {
  const next = pieces[index + 1];
  const before = pieces[index - 1]?.kind;
  if (index === 0 || !mayOpen || before === 'turns' || before === 'closes' || !openers.has(pieces[index]?.text ?? '')) return false;
  return next !== undefined && SUBJECTS.has(next.kind);
}
/** "Sure. Smoking is allowed?" behind an answer: what something is, and not what somebody does. */
function statesQuestion(pieces: Piece[], index: number, { auxiliaries }: Lexicon): boolean {
  const before = pieces[index - 1];
  const subject = pieces[index];
  if (!before || !subject?.inQuestion || !endsSentence(before) || !(SUBJECTS.has(subject.kind) || subject.kind === 'facts')) return false;
  const verb = pieces.findIndex((piece, at) => at > index && auxiliaries.has(piece.text));
  return verb > index && verb - index <= SUBJECT_PIECES && pieces.slice(0, index).some(({ kind }) => AGREED.has(kind)) && pieces.slice(index, verb).every(({ kind }) => SUBJECTS.has(kind) || kind === 'facts');
}

/** "Yes, that's it. Price of rental?", "It is furnished?", "Whether pets are permitted?": a sentence behind the answer that only asks. */
function asksInPassing(pieces: Piece[], index: number, { auxiliaries, prepositions }: Lexicon): boolean {
  const before = pieces[index - 1];
  if (!before || !endsSentence(before) || !pieces[index]?.inQuestion || !pieces.slice(0, index).some(({ kind }) => AGREED.has(kind))) return false;
  const rest = pieces.slice(index);
  const sentence = rest.slice(0, rest.findIndex(endsSentence));
  const isAbout = IN_PASSING.has(sentence[0]?.kind ?? 'pause') || sentence.some(({ text }) => auxiliaries.has(text));
  // "For Tom?" may be a wish.
  const mayWish = sentence.some(({ kind }, at) => kind === 'unknown' && sentence.slice(Math.max(0, at - 2), at).some(({ text }) => prepositions.has(text)));
  return isAbout && !mayWish && sentence.every(({ kind, text }) => !AGREED.has(kind) && kind !== 'requests' && kind !== 'turns' && (IN_WISHES.has(kind) || text === ','));
}
const IN_PASSING: ReadonlySet<Piece['kind']> = new Set(['information', 'facts']);

/** "The rooms there" */
const SUBJECT_PIECES = 3;
const SUBJECTS: ReadonlySet<Piece['kind']> = new Set(['unknown', 'things', 'information', 'points', 'repeated']);

const IN_WISHES: ReadonlySet<Piece['kind']> = new Set(['asks', 'requests', 'learns', 'points', 'information', 'facts', 'things', 'unknown', 'yes', 'exact', 'proceeds', 'approves', 'doubts', 'hedges', 'turns', 'closes', 'receives', 'joins', 'neutral', 'repeated']);

function firstWord({ text }: Piece): string {
  return text.split(' ', 1)[0] ?? '';
}

function endsSentence({ kind, text }: Piece): boolean {
  return kind === 'pause' && /[.!?…;]/.test(text);
}

/** "I arrive at which station?", but not "that is right and which station is it?" */
function asksLater(pieces: Piece[], index: number): boolean {
  const rest = pieces.slice(index);
  const end = rest.findIndex(({ kind }) => kind === 'pause' || AGREED.has(kind));
  return rest.slice(0, end < 0 ? undefined : end).some(({ kind }) => kind === 'asks');
}

/** "I need the phone number" wants to know; "I need a window seat" or "could I have it sent to my work address" want something else. */
export function wantsToKnow(pieces: Piece[], index: number, { auxiliaries }: Lexicon): boolean {
  // "The property's phone number": its ending is read as the verb.
  const rest = pieces.slice(index + 1).filter(({ text, kind }) => kind !== 'neutral' || !auxiliaries.has(text));
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
