import type { Lexicon } from './lexicon.ts';
import { readChoices } from './read-choices.ts';
import { readEnding } from './read-ending.ts';
import { readValueAt } from './read-values.ts';
import type { SpokenValue } from './read-values.ts';
import { readWords } from './read-words.ts';
import type { Word } from './read-words.ts';
import { withoutAccents } from './without-accents.ts';

const ISO_DATE = /(\d{4})-(\d{2})-(\d{2})/g;
/** Forms of one verb differ behind their first letters: `cancel`, `cancelled`. */
export const STEM_LETTERS = 5;

export interface ReadOffer {
  words: Word[];
  found: SpokenValue[];
  places: Map<string, number[]>;
  stems: Set<string>;
  commonWords: string[];
  values: Set<string>;
  kinds: Set<string>;
  /** Class of what is counted → the numbers of it. */
  units: Map<string, Set<number>>;
  /** Word → the prepositions it stands behind, for words that name an end of a way. */
  ends: Map<string, Set<string>>;
  choices: Map<number, Set<string>>;
  digits: Set<string>;
  isEnding: boolean;
  isChanging: boolean;
  isOfTwo: boolean;
}

/** "From the Anaheim Intermodal Center" names an end with this many words at most. */
const END_WORDS = 5;

export function readOffer(text: string, spokenOf: string, lexicon: Lexicon): ReadOffer {
  const words = readWords(text.replace(ISO_DATE, ' '), lexicon);
  const places = Map.groupBy(words.keys(), (index) => withoutAccents(words[index]?.text ?? ''));
  const stems = new Set([...places.keys()].map((word) => word.slice(0, STEM_LETTERS)));
  const found = readValues(words, lexicon);
  const units = new Map([...Map.groupBy(found.filter(({ unit }) => unit), ({ unit }) => unit ?? '')].map(([unit, values]) => [unit, new Set(values.map(({ value }) => Number(value)))]));
  const digits = new Set((text.match(/\d[\d.,:-]*/g) ?? []).map((run) => run.replace(/\D/g, '')));
  const isOfTwo = found.some(({ kind, value }) => kind === 'number' && value === 2) || words.some((word) => lexicon.values.joins.has(word.text));
  const known = { isOfTwo, choices: readChoices(spokenOf, lexicon.values.choices), digits, isEnding: readEnding(words, lexicon.endings, lexicon), isChanging: readEnding(words, lexicon.movingVerbs, lexicon) };
  const values = new Set([...readDates(text), ...found.flatMap(keysOf)]);
  const kinds = new Set([...values].map((key) => key.slice(0, key.indexOf(' '))));
  return { ...known, words, found, places, stems, commonWords: readCommonWords(text, lexicon), values, kinds, units, ends: readEnds(words, lexicon) };
}

function readValues(words: Word[], lexicon: Lexicon): SpokenValue[] {
  const values: SpokenValue[] = [];
  for (let at = 0; at < words.length; ) {
    const found = readValueAt(words, at, lexicon.values);
    if (found && !isStrayOrdinal(found, words, lexicon)) values.push(found);
    at = found?.to ?? at + 1;
  }
  return values;
}

/** "The first flight departs" names no day. */
function isStrayOrdinal({ kind, from, to }: SpokenValue, words: Word[], { values }: Lexicon): boolean {
  if (kind !== 'day' || !values.ordinals.has(words[from]?.text ?? '')) return false;
  const [next, behind] = words.slice(to);
  const isBeforeMonth = values.beforeMonths.has(next?.text ?? '') && values.months.has(behind?.text ?? '');
  return next !== undefined && next.mark === null && !isBeforeMonth && !values.months.has(next.text) && !values.timeBefore.has(next.text) && !values.months.has(words[from - 1]?.text ?? '');
}

function keysOf({ kind, value, half }: SpokenValue): string[] {
  return half ? [`${kind} ${value}`, `${kind} ${value} ${half}`] : [`${kind} ${value}`];
}

function readEnds(words: Word[], lexicon: Lexicon): Map<string, Set<string>> {
  const ends = new Map<string, Set<string>>();
  const { directions } = lexicon.values;
  const add = (preposition: string, places: Word[]) => {
    for (const { text } of places) if (lexicon.kindOf(text) === null) ends.set(withoutAccents(text), (ends.get(withoutAccents(text)) ?? new Set<string>()).add(preposition));
  };
  const said = new Set(words.map(({ text }) => text).filter((text) => directions.has(text)));
  const unsaid = said.size === 1 ? [...directions].find((preposition) => !said.has(preposition)) : undefined;
  for (const [index, { text }] of words.entries()) {
    if (!directions.has(text)) continue;
    add(text, upTo(words.slice(index + 1, index + 1 + END_WORDS), directions));
    // "San Diego to Seattle"
    if (unsaid) add(unsaid, upTo(words.slice(Math.max(0, index - END_WORDS), index).toReversed(), directions));
  }
  return ends;
}

function upTo(words: Word[], directions: Set<string>): Word[] {
  const end = words.findIndex(({ text, mark }) => mark !== null || directions.has(text));
  return end < 0 ? words : words.slice(0, end);
}

/** What is written with a small letter is no name, and its last letters are an ending. */
function readCommonWords(text: string, { kindOf }: Lexicon): string[] {
  const words = text.split(' . ', 1)[0]?.match(/\p{L}+/gu) ?? [];
  return words.filter((word) => word.length > STEM_LETTERS && word === word.toLowerCase() && kindOf(word) !== 'courtesy').map(withoutAccents);
}

/** An argument's date is spoken as a weekday, a month or a day. */
function readDates(text: string): string[] {
  return [...text.matchAll(ISO_DATE)].flatMap(([date, , month, day]) => {
    const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
    return [`weekday ${weekday}`, `month ${Number(month) - 1}`, `day ${Number(day)}`];
  });
}
