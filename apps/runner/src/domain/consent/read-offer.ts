import type { ConsentQuestion } from './consent-judge.ts';
import type { Lexicon } from './lexicon.ts';
import { readValueAt } from './read-values.ts';
import type { SpokenValue } from './read-values.ts';
import { readWords, withoutAccents } from './read-words.ts';
import type { Word } from './read-words.ts';

const ISO_DATE = /(\d{4})-(\d{2})-(\d{2})/g;
/** Forms of one verb differ behind their first letters: `cancel`, `cancelled`. */
const STEM_LETTERS = 5;

/** What the caller was asked to agree to, as far as an answer can be held against it. */
export class Offer {
  readonly isKnown: boolean;
  readonly #words: Map<string, number[]>;
  readonly #stems: Set<string>;
  readonly #values: Set<string>;
  readonly #list: Word[];

  constructor({ readBack = '', arguments: given = {} }: ConsentQuestion, lexicon: Lexicon) {
    const text = [readBack, ...scalarsOf(given)].join(' . ');
    this.isKnown = text.trim() !== '';
    this.#list = readWords(text.replace(ISO_DATE, ' '), lexicon);
    this.#words = new Map();
    for (const [index, { text: word }] of this.#list.entries()) {
      const key = withoutAccents(word);
      this.#words.set(key, [...(this.#words.get(key) ?? []), index]);
    }
    this.#stems = new Set([...this.#words.keys()].map((word) => word.slice(0, STEM_LETTERS)));
    this.#values = new Set([...readDates(text), ...readValues(this.#list, lexicon)]);
  }

  has(word: string): boolean {
    return this.#words.has(withoutAccents(word));
  }

  /** Whether it is about that itself: the word for calling off in a read-back of a cancellation. */
  isAbout(phrase: string): boolean {
    const [first = '', ...others] = withoutAccents(phrase).split(' ');
    return (others.length === 0 || first.length >= STEM_LETTERS) && this.#stems.has(first.slice(0, STEM_LETTERS));
  }

  hasValue({ kind, value }: SpokenValue): boolean {
    return this.#values.has(`${kind} ${value}`) || (kind === 'relative' && this.has(String(value)));
  }

  /** The word before each place where it stands. */
  before(word: string): string[] {
    return this.placesOf(word).map((index) => this.#list[index - 1]?.text ?? '');
  }

  placesOf(word: string): number[] {
    return this.#words.get(withoutAccents(word)) ?? [];
  }
}

function readValues(words: Word[], lexicon: Lexicon): string[] {
  const values: string[] = [];
  for (let at = 0; at < words.length; ) {
    const found = readValueAt(words, at, lexicon.values);
    if (found) values.push(`${found.kind} ${found.value}`);
    at = found?.to ?? at + 1;
  }
  return values;
}

/** An argument's date is spoken as a weekday, a month or a day. */
function readDates(text: string): string[] {
  return [...text.matchAll(ISO_DATE)].flatMap(([date, , month, day]) => {
    const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
    return [`weekday ${weekday}`, `month ${Number(month) - 1}`, `day ${Number(day)}`];
  });
}

function scalarsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(scalarsOf);
  if (typeof value === 'object' && value !== null) return Object.entries(value).flatMap(([key, inner]) => [key.replaceAll('_', ' '), ...scalarsOf(inner)]);
  return value === null || value === undefined ? [] : [String(value)];
}
