import type { ConsentQuestion } from './consent-judge.ts';
import type { Lexicon } from './lexicon.ts';
import { readWords } from './read-words.ts';

/** Values that say there is none of what the argument is named after. */
const NONE: ReadonlySet<string> = new Set(['false', 'none', 'no', '0']);
/** Parts of an argument's name that only ask for the rest of it. */
const ASKING: ReadonlySet<string> = new Set(
  'a, an, the, of, for, in, to, is, has, have, had, add, added, with, want, wants, wanted, need, needs, needed, include, includes, included, allow, allows, allowed, use, get, number, count, type'.split(', '),
);

/** What was read as not being so, by the names of arguments: the insurance of `add_insurance: false`. What was read elsewhere as well is left out. */
export class Denied {
  readonly #stems: string[];

  constructor({ readBack = '', arguments: given }: Pick<ConsentQuestion, 'readBack' | 'arguments'>, lexicon: Lexicon) {
    const scalars = scalarsIn(given);
    const isDenied = ({ value }: Scalar) => NONE.has(value);
    const denied = scalars.filter(isDenied);
    const rest = denied.reduce((text, { name, value }) => text.replaceAll(`${name} ${value}`, ' '), denied.length > 0 ? readBack.toLowerCase() : '');
    const others = denied.length > 0 ? scalars.filter((one) => !isDenied(one)).map(({ name, value }) => `${name} ${value}`) : [];
    const elsewhere = new Set(wordsIn([rest, ...others].join(' . '), lexicon));
    const words = denied.flatMap(({ name }) => wordsIn(name, lexicon));
    this.#stems = words.filter((word) => !elsewhere.has(word)).map(stemOf);
  }

  has(word: string): boolean {
    return this.#stems.some((stem) => begins(word, stem));
  }
}

/** "Shared" and "sharing", "insurance" and "insured", "bags" and "bag" */
function stemOf(word: string): string {
  if (word.length <= SHORT_LETTERS) return word.replace(/s$/, '');
  return word.slice(0, word.length <= SHORT_LETTERS + 2 ? SHORT_LETTERS : SHORT_LETTERS + 1);
}
const SHORT_LETTERS = 4;

function begins(word: string, stem: string): boolean {
  return stem.length < SHORT_LETTERS ? word === stem || word === `${stem}s` : word.startsWith(stem);
}

interface Scalar {
  name: string;
  value: string;
}

function scalarsIn(value: unknown, name = ''): Scalar[] {
  if (Array.isArray(value)) return value.flatMap((inner) => scalarsIn(inner, name));
  if (typeof value === 'object' && value !== null) return Object.entries(value).flatMap(([key, inner]) => scalarsIn(inner, spoken(key)));
  return value === null || value === undefined ? [] : [{ name, value: String(value).toLowerCase() }];
}

function spoken(name: string): string {
  return name.replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2').replaceAll(/[_-]+/g, ' ').toLowerCase();
}

function wordsIn(text: string, lexicon: Lexicon): string[] {
  return readWords(text, lexicon).flatMap(({ text: word, mark }) => (mark === null && word.length > 2 && !ASKING.has(word) ? [word] : []));
}
