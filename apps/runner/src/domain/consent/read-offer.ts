import type { ConsentQuestion } from './consent-judge.ts';
import type { Lexicon } from './lexicon.ts';
import { readValueAt } from './read-values.ts';
import type { SpokenValue } from './read-values.ts';
import { readWords } from './read-words.ts';
import type { Word } from './read-words.ts';
import { withoutAccents } from './without-accents.ts';

const ISO_DATE = /(\d{4})-(\d{2})-(\d{2})/g;
/** Forms of one verb differ behind their first letters: `cancel`, `cancelled`. */
const STEM_LETTERS = 5;

/** What the caller was asked to agree to, as far as an answer can be held against it. Read when first needed: a plain yes needs none of it. */
export class Offer {
  readonly #text: string;
  readonly #lexicon: Lexicon;
  #read: ReadOffer | null = null;

  constructor({ readBack = '', arguments: given = {} }: ConsentQuestion, lexicon: Lexicon) {
    this.#text = [readBack, ...scalarsOf(given)].join(' . ').trim();
    this.#lexicon = lexicon;
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
    return (others.length === 0 || first.length >= STEM_LETTERS) && this.#offer().stems.has(first.slice(0, STEM_LETTERS));
  }

  hasValue({ kind, value }: SpokenValue): boolean {
    return this.#offer().values.has(`${kind} ${value}`) || (kind === 'relative' && this.has(String(value)));
  }

  placesOf(word: string): number[] {
    return this.#offer().places.get(withoutAccents(word)) ?? [];
  }

  /** The word before each place where it stands. */
  before(word: string): string[] {
    return this.placesOf(word).map((index) => this.#offer().words[index - 1]?.text ?? '');
  }

  #offer(): ReadOffer {
    return (this.#read ??= readOffer(this.#text, this.#lexicon));
  }
}

interface ReadOffer {
  words: Word[];
  places: Map<string, number[]>;
  stems: Set<string>;
  values: Set<string>;
}

function readOffer(text: string, lexicon: Lexicon): ReadOffer {
  const words = readWords(text.replace(ISO_DATE, ' '), lexicon);
  const places = Map.groupBy(words.keys(), (index) => withoutAccents(words[index]?.text ?? ''));
  const stems = new Set([...places.keys()].map((word) => word.slice(0, STEM_LETTERS)));
  return { words, places, stems, values: new Set([...readDates(text), ...readValues(words, lexicon)]) };
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
