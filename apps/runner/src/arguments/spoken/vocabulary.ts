import { de } from '../languages/de.ts';
import { en } from '../languages/en.ts';
import { es } from '../languages/es.ts';
import type { CurrencyMeaning, DatePhrase, DayPart, Language, TimePhrase } from './language.ts';
import { phrases, type Phrase } from './phrase.ts';
import { parseTemplate, type Template } from './template.ts';
import { fold, wordsOf } from './words.ts';

/** A language, prepared for comparing folded words. */
export interface Vocabulary {
  numbers: Map<string, number>;
  tens: Map<string, number>;
  hundreds: Map<string, number>;
  scales: Map<string, number>;
  ordinals: Map<string, number>;
  months: Map<string, number>;
  weekdays: Map<string, number>;
  repeats: Map<string, number>;
  zeroInDigits: Set<string>;
  hundred: Set<string>;
  one: Set<string>;
  plus: Set<string>;
  negative: Set<string>;
  decimalPoint: Set<string>;
  timeFillers: Set<string>;
  dateFillers: Set<string>;
  ordinalSuffixes: Set<string>;
  yes: Set<string>;
  no: Set<string>;
  minorUnits: Set<string>;
  minorJoiners: Set<string>;
  tensJoiner: string | null;
  joiner: string | null;
  andAHalf: Phrase<true>[];
  symbols: Phrase<string>[];
  letterExamples: Phrase<true>[];
  namedTimes: Phrase<number>[];
  dayParts: Phrase<DayPart>[];
  days: Phrase<number>[];
  currencies: Phrase<CurrencyMeaning>[];
  later: { template: Template; minutes: number }[];
  times: (TimePhrase & { template: Template })[];
  dates: (DatePhrase & { template: Template })[];
  /** Every word that dates, times and amounts are made of. */
  ofMoments: Set<string>;
  /** Words of which every date has at least one. */
  ofDates: Set<string>;
  bareScales: boolean;
  unitBeforeTens: boolean;
  compounds: boolean;
  decimalComma: boolean;
  yearInPairs: boolean;
  dotsInDates: boolean;
}

const DOLLARS = { US: 'USD', PR: 'USD', EC: 'USD', SV: 'USD', CA: 'CAD', AU: 'AUD', NZ: 'NZD', SG: 'SGD', HK: 'HKD' };
const PESOS = { MX: 'MXN', AR: 'ARS', CO: 'COP', CL: 'CLP', DO: 'DOP' };
const SYMBOLS: Record<string, CurrencyMeaning> = {
  '€': 'EUR',
  '£': { GB: 'GBP', IM: 'GBP', JE: 'GBP', GG: 'GBP', EG: 'EGP' },
  $: { ...DOLLARS, ...PESOS },
};

export const VOCABULARIES: Record<'en' | 'es' | 'de', Vocabulary> = { en: prepared(en), es: prepared(es), de: prepared(de) };

function prepared(language: Language): Vocabulary {
  const symbols = Object.entries(language.symbols).flatMap(([symbol, names]) => names.map((name) => [name, symbol] as const));
  const dayParts = language.dayParts.flatMap((part) => part.say.map((say) => [say, part] as const));
  return {
    ...mapsOf(language),
    ...setsOf(language),
    tensJoiner: language.tensJoiner,
    joiner: language.joiner,
    bareScales: language.bareScales,
    unitBeforeTens: language.unitBeforeTens,
    compounds: language.compounds,
    decimalComma: language.decimalComma,
    yearInPairs: language.yearInPairs,
    dotsInDates: language.dotsInDates,
    andAHalf: phrases(language.andAHalf.map((say) => [say, true] as const)),
    symbols: phrases([...symbols, ...Object.entries(language.letters)]),
    letterExamples: phrases(language.letterExamples.map((say) => [say, true] as const)),
    namedTimes: phrases(Object.entries(language.namedTimes)),
    dayParts: phrases(dayParts),
    days: phrases(Object.entries(language.days)),
    currencies: phrases([...Object.entries(language.currencies), ...Object.entries(SYMBOLS)]),
    later: language.later.map(({ say, minutes }) => ({ template: parseTemplate(say), minutes })),
    times: language.times.map((phrase) => ({ ...phrase, template: parseTemplate(phrase.say) })),
    ofMoments: wordsOfMoments(language),
    ofDates: wordsOfDates(language),
    dates: language.dates.map((phrase) => ({ ...phrase, template: parseTemplate(phrase.say) })),
  };
}

function wordsOfMoments(language: Language): Set<string> {
  const { numbers, tens, hundreds, scales, ordinals, months, weekdays, days, namedTimes, currencies } = language;
  const byWord = [numbers, tens, hundreds, scales, ordinals, months, weekdays, days, namedTimes, currencies, SYMBOLS];
  const keyed = byWord.flatMap((words) => Object.keys(words));
  const { hundred, one, zeroInDigits, timeFillers, dateFillers, ordinalSuffixes, decimalPoint, andAHalf, minorUnits, minorJoiners } = language;
  const listed = [hundred, one, zeroInDigits, timeFillers, dateFillers, ordinalSuffixes, decimalPoint, andAHalf, minorUnits, minorJoiners].flat();
  const said = [...language.dayParts.flatMap(({ say }) => say), ...[...language.times, ...language.dates, ...language.later].map(({ say }) => say)];
  const joiners = [language.tensJoiner, language.joiner].filter((word) => word !== null);
  return new Set([...keyed, ...listed, ...said.map((phrase) => phrase.replaceAll(/\{\w+\}/g, ' ')), ...joiners].flatMap(wordsOf));
}

function wordsOfDates({ months, weekdays, days, dates }: Language): Set<string> {
  const named = [months, weekdays, days].flatMap((words) => Object.keys(words)).flatMap(wordsOf);
  const counted = dates.filter(({ say }) => !/\{(?:month|weekday)\}/.test(say)).flatMap(({ say }) => rarestWords(parseTemplate(say)));
  return new Set([...named, ...counted]);
}

/** Of "in {count} day|days" the days: long words stand elsewhere less often than short ones. */
function rarestWords(template: Template): string[] {
  const shortest = (words: string[]) => Math.min(...words.map(({ length }) => length));
  const spoken = template.flatMap((part) => ('words' in part ? [part.words] : []));
  return spoken.sort((a, b) => shortest(b) - shortest(a))[0] ?? [];
}

/** Whether the word is a number or part of one. */
export function isNumberWord(word: string, { numbers, tens, hundreds, hundred, scales, zeroInDigits }: Vocabulary): boolean {
  return /^\d/.test(word) || [numbers, tens, hundreds, hundred, scales, zeroInDigits].some((words) => words.has(word));
}

function mapsOf({ numbers, tens, hundreds, scales, ordinals, months, weekdays, repeats }: Language) {
  const folded = (words: Record<string, number>) => new Map(Object.entries(words).map(([word, value]) => [fold(word), value]));
  return {
    numbers: folded(numbers),
    tens: folded(tens),
    hundreds: folded(hundreds),
    scales: folded(scales),
    ordinals: folded(ordinals),
    months: folded(months),
    weekdays: folded(weekdays),
    repeats: folded(repeats),
  };
}

function setsOf(language: Language) {
  const folded = (words: string[]) => new Set(words.map(fold));
  return {
    zeroInDigits: folded(language.zeroInDigits),
    hundred: folded(language.hundred),
    one: folded(language.one),
    plus: folded([...language.plus, '+']),
    negative: folded(language.negative),
    decimalPoint: folded(language.decimalPoint),
    timeFillers: folded(language.timeFillers),
    dateFillers: folded(language.dateFillers),
    ordinalSuffixes: folded(language.ordinalSuffixes),
    yes: folded(language.yes),
    no: folded(language.no),
    minorUnits: folded(language.minorUnits),
    minorJoiners: folded(language.minorJoiners),
  };
}
