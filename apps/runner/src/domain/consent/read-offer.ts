import type { ConsentQuestion } from './consent-judge.ts';
import type { Lexicon } from './lexicon.ts';
import { Denied } from './read-denied.ts';
import { digitRunsAt } from './read-number.ts';
import type { SpokenValue } from './read-values.ts';
import { STEM_LETTERS, readOffer } from './read-what-was-read.ts';
import type { ReadOffer } from './read-what-was-read.ts';
import type { Word } from './read-words.ts';
import { withoutAccents } from './without-accents.ts';

const NEGATION_WORDS = 2;
const NEGATIONS: ReadonlySet<string> = new Set(['no', 'not']);
const SHORT_LETTERS = 4;
const ENDING_LETTERS = 3;

/** What the caller was asked to agree to, as far as an answer can be held against it. Read when first needed: a plain yes needs none of it. */
export class Offer {
  readonly #text: string;
  /** The same without the names of the arguments. */
  readonly #values: string;
  readonly #lexicon: Lexicon;
  #read: ReadOffer | null = null;
  #denied: Denied | null = null;
  readonly #question: Pick<ConsentQuestion, 'readBack' | 'arguments' | 'isSecondOrder'>;

  constructor(question: ConsentQuestion, lexicon: Lexicon) {
    const { readBack = '', arguments: given = {} } = question;
    this.#question = question;
    this.#text = [readBack, ...scalarsOf(given)].join(' . ').trim();
    this.#values = [readBack, ...leavesOf(given)].join(' . ');
    this.#lexicon = lexicon;
  }

  /** What was read as not being so. */
  get denied(): Denied {
    return (this.#denied ??= new Denied(this.#question, this.#lexicon));
  }

  get isKnown(): boolean {
    return this.#text !== '';
  }

  has(word: string): boolean {
    return this.#offer().places.has(withoutAccents(word));
  }

  /** Whether it is about that itself: the word for calling off in a read-back of a cancellation. */
  isAbout(phrase: string): boolean {
    const [first = '', ...others] = withoutAccents(phrase).split(' ');
    const tells = others.length === 0 || (first.length >= STEM_LETTERS && this.#lexicon.kindOf(first) !== 'points');
    return tells && this.#offer().stems.has(first.slice(0, STEM_LETTERS));
  }

  hasValue({ kind, value, half, unit, mayBeHour, mayBeDay }: SpokenValue): boolean {
    const { values, units } = this.#offer();
    if (kind === 'half') return this.#times().some((read) => isWithin(read, String(value), this.#lexicon.values.is24h));
    if (kind === 'time' && half) return values.has(`time ${value} ${half}`) || (values.has(`time ${value}`) && !HALVES.some((other) => values.has(`time ${value} ${other}`)));
    if (unit !== undefined && units.has(unit)) return units.get(unit)?.has(Number(value)) ?? false;
    if (kind === 'number' && mayBeHour && values.has(`time ${(Number(value) % 12) * 60}`)) return true;
    if (this.#lexicon.values.twos.has(String(value))) return this.#offer().isOfTwo;
    if (mayBeDay && values.has(`day ${value}`)) return true;
    return values.has(`${kind} ${value}`) || (kind === 'relative' && (this.has(String(value)) || this.has(this.#lexicon.values.sameAs.get(String(value)) ?? '')));
  }

  /** The times that were read; where one was written with its half of the day as well, that one. */
  #times(): SpokenValue[] {
    const times = this.#offer().found.filter(({ kind }) => kind === 'time');
    return times.filter(({ half, value }) => half !== undefined || !times.some((other) => other.half !== undefined && other.value === value));
  }

  /** Whether what was read tells this end of a way from the other, and the caller names it as the other. */
  reverses(preposition: string, word: string): boolean {
    const { ends } = this.#offer();
    const read = ends.get(withoutAccents(word));
    return read !== undefined && this.#lexicon.values.directions.has(preposition) && !read.has(preposition);
  }

  /** Where a word stands among those that tell one end of a way from the other; null for all others. */
  endOf(word: string): number | null {
    return this.#offer().ends.has(withoutAccents(word)) ? (this.placesOf(word)[0] ?? null) : null;
  }

  /** Where a day or a time stands among those that were read; other values have no order. */
  placeOf({ kind, value }: SpokenValue): { kind: string; place: number } | undefined {
    if (kind !== 'day' && kind !== 'time' && kind !== 'weekday') return undefined;
    const place = this.#offer().found.findIndex((other) => other.kind === kind && other.value === value);
    return place < 0 ? undefined : { kind, place };
  }

  /** Whether it calls something off, so that the word for that agrees. */
  get isEnding(): boolean {
    return this.#offer().isEnding;
  }

  get isChanging(): boolean {
    return this.#offer().isChanging;
  }

  /** Whether it says that there is none of it: "no checked bags". */
  negates(word: string): boolean {
    const { words } = this.#offer();
    return this.placesOf(word).some((place) => words.slice(Math.max(0, place - NEGATION_WORDS), place).some(({ text }) => NEGATIONS.has(this.#lexicon.kindOf(text) ?? '')));
  }

  /** Whether an "okay" answers it: it asks for a yes, with a question or with a word for that, and tells nothing else. */
  get takesOkay(): boolean {
    const { readBack = '', isSecondOrder = false } = this.#question;
    if (isSecondOrder) return false;
    return readBack.includes('?') || this.#lexicon.assents.askedWith.some((stem) => readBack.toLowerCase().includes(stem));
  }

  /** Whether it says these words one behind the other, and not that they do not happen. */
  says(first: string, second: string): boolean {
    const { words } = this.#offer();
    return this.placesOf(first).some((place) => words[place + 1]?.text === second && !words.slice(Math.max(0, place - NEGATION_WORDS), place).some(({ text }) => NEGATIONS.has(this.#lexicon.kindOf(text) ?? '')));
  }

  /** Whether it names another member of a group, or this one; null where it names none. */
  hasChoice(word: string): boolean | null {
    const choice = this.#lexicon.values.choices.get(word);
    const read = choice && this.#offer().choices.get(choice.group);
    return choice && read ? read.has(choice.member) : null;
  }

  /** Where a number ends that is spoken digit by digit; `isRead` tells whether it was read like that. */
  digitsAt(words: Word[], at: number): { to: number; isRead: boolean } | null {
    const runs = digitRunsAt(words, at, this.#lexicon.values);
    const read = runs.find(({ digits }) => this.#offer().digits.has(digits));
    if (read) return { to: read.to, isRead: true };
    const [longest] = runs.filter(({ isSingle, parts }) => isSingle && parts >= SPELLED_DIGITS);
    return longest ? { to: longest.to, isRead: false } : null;
  }

  /** Whether another number of it than one was read. */
  isForMoreThanOne(word: string): boolean {
    const unit = this.#lexicon.values.units.get(word);
    return unit !== undefined && this.#offer().units.get(unit)?.has(1) === false;
  }

  /** Whether an amount was read that is one of several. */
  get isDistributive(): boolean {
    return [...this.#lexicon.values.distributive].some((phrase) => phrase.split(' ').every((word) => this.has(word)));
  }

  /** Whether a day or a time was read. */
  get isDated(): boolean {
    return ['month', 'day', 'weekday', 'time', 'relative'].some((kind) => this.#offer().kinds.has(kind));
  }

  get isForOne(): boolean {
    return this.#offer().values.has('number 1');
  }

  /** Whether the read-back has another form of it: "remind" where it says "reminder". Names have no forms. */
  hasFormOf(word: string): boolean {
    return this.hasWithin(word) || this.#hasLonger(word) || this.#offer().commonWords.some((read) => isFormOf(withoutAccents(word), read));
  }

  /** "Pick" where it says "picked" */
  #hasLonger(word: string): boolean {
    return word.length >= SHORT_LETTERS && this.#offer().words.some(({ text }) => text.startsWith(word) && text.length <= word.length + ENDING_LETTERS);
  }

  /** "Gebühr" where it says "Umbuchungsgebühr" */
  hasWithin(word: string): boolean {
    const plain = withoutAccents(word);
    return plain.length >= STEM_LETTERS && this.#offer().words.some(({ text }) => text.length > plain.length && withoutAccents(text).endsWith(plain));
  }

  /** The words before each place where it stands. */
  before(word: string): string[] {
    return this.placesOf(word).map((index) => this.#offer().words[index - 1]?.text ?? '');
  }

  placesOf(word: string): number[] {
    return this.#offer().places.get(withoutAccents(word)) ?? [];
  }

  #offer(): ReadOffer {
    return (this.#read ??= readOffer(this.#text, this.#values, this.#lexicon));
  }
}

/** "Remind" and "reminder", "cancel" and "cancellation", but not "pleasant" and "Pleasanton". */
function isFormOf(word: string, read: string): boolean {
  if (word.length < STEM_LETTERS || word.slice(0, STEM_LETTERS) !== read.slice(0, STEM_LETTERS)) return false;
  return word[STEM_LETTERS] === read[STEM_LETTERS] || Math.abs(word.length - read.length) <= ENDING_LETTERS;
}

/** "Four four seven one" is one number and no list. */
const SPELLED_DIGITS = 3;

/** Whether a time that was read is in a part of the day: `pm` or, in hours, `pm 12 18`. */
function isWithin({ value, half }: SpokenValue, part: string, is24h: boolean): boolean {
  const [name, from, to] = part.split(' ');
  const hour = Number(value) / 60 + (name === 'pm' ? 12 : 0);
  return (half ?? (is24h ? 'am' : name)) === name && (from === undefined || (hour >= Number(from) && hour < Number(to)));
}

const HALVES = ['am', 'pm'];

function scalarsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(scalarsOf);
  if (typeof value === 'object' && value !== null) return Object.entries(value).flatMap(([key, inner]) => [key.replaceAll('_', ' '), ...scalarsOf(inner)]);
  return value === null || value === undefined ? [] : [String(value)];
}

function leavesOf(value: unknown): string[] {
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(leavesOf);
  return value === null || value === undefined ? [] : [String(value)];
}
