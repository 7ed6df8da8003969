import { dateIn, today, writtenDate } from './spoken/read-date.ts';
import { isCurrencyWord, readMoney } from './spoken/read-money.ts';
import { timeIn } from './spoken/read-time.ts';
import type { Hearing } from './spoken/reading.ts';
import { isNumberWord, type Vocabulary } from './spoken/vocabulary.ts';

/** The longest date, time or amount in words: "on the twenty third of march twenty twenty seven". */
const LONGEST_PHRASE = 9;
/** Two for the hour, a zero and two for the minute: "twenty three oh fifty nine". More numbers are no time but an id read out. */
const MOST_NUMBERS_IN_A_TIME = 5;
/** One of the hour and one of the minute. */
const MOST_UNITS_IN_A_TIME = 2;
/** "Next Friday" is at most so far away. */
const DAYS_OF_A_WEEKDAY = 14;
/** Stands in for the year of a date that was said without one; a leap year, so that it has every day. */
const ANY_YEAR = '2000';

interface SaidDates {
  day: string;
  region: string;
  /** `YYYY-MM-DD` */
  dates: Set<string>;
  /** `MM-DD` of those without a year. */
  daysOfYear: Set<string>;
}

/** The dates, times and amounts that words mean. Each kind is read when it is first asked for, and then once for all arguments. */
export class SaidMoments {
  readonly #language: Vocabulary;
  /** Talk is mostly other words: only what lies between them is worth reading. */
  readonly #runs: string[][];
  #minutes: Set<number> | undefined;
  #dates: SaidDates | undefined;
  #amounts: { region: string; values: Set<string> } | undefined;
  #asked: Hearing | undefined;

  constructor(words: string[], language: Vocabulary) {
    this.#language = language;
    this.#runs = runsOf(words, (word) => /^\d/.test(word) || language.ofMoments.has(word));
  }

  /** Whether there is any date with any time among them. */
  haveAny(hearing: Hearing): boolean {
    const { dates, daysOfYear } = this.#saidDates(hearing);
    return dates.size + daysOfYear.size > 0 && this.#saidMinutes().size > 0;
  }

  /** `value` is `YYYY-MM-DD`. */
  haveDate(value: string, hearing: Hearing): boolean {
    const { dates, daysOfYear } = this.#saidDates(hearing);
    if (dates.has(value)) return true;
    if (!daysOfYear.has(value.slice(5)) || !/^(?:19|20)/.test(value)) return false;
    const written = writtenDate(value, hearing);
    return written !== undefined && 'date' in written;
  }

  /** `value` is `HH:MM` or `HH:MM:SS`. */
  haveTime(value: string): boolean {
    return this.#saidMinutes().has(Number(value.slice(0, 2)) * 60 + Number(value.slice(3, 5)));
  }

  /** `value` is like `12.50 USD`. */
  haveMoney(value: string, hearing: Hearing): boolean {
    if (this.#amounts?.region !== hearing.region) this.#amounts = { region: hearing.region, values: this.#readAmounts(hearing) };
    return this.#amounts.values.has(value);
  }

  #saidMinutes(): Set<number> {
    const language = this.#language;
    this.#minutes ??= new Set(
      phrasesIn(this.#runs, (word) => isNumberWord(word, language) || language.namedTimes.some(({ words }) => words.includes(word)))
        .filter((phrase) => mayBeTime(phrase, language))
        .flatMap((phrase) => timeIn(phrase, language)?.minutes ?? []),
    );
    return this.#minutes;
  }

  #saidDates(hearing: Hearing): SaidDates {
    if (this.#dates && this.#asked === hearing) return this.#dates;
    this.#asked = hearing;
    const day = today(hearing).toString();
    if (this.#dates?.day !== day || this.#dates.region !== hearing.region) this.#dates = this.#readDates(day, hearing);
    return this.#dates;
  }

  #readDates(day: string, hearing: Hearing): SaidDates {
    const { dateFillers, ofDates } = this.#language;
    const runs = this.#runs.map((run) => run.filter((word) => !dateFillers.has(word)));
    const said: SaidDates = { day, region: hearing.region, dates: this.#nearWeekdays(hearing), daysOfYear: new Set() };
    for (const phrase of phrasesIn(runs, (word) => ofDates.has(word))) {
      const read = dateIn(phrase, hearing);
      if (read && 'date' in read) said.dates.add(read.date.toString());
      const inAnyYear = dateIn([...phrase, ANY_YEAR], hearing);
      if (inAnyYear && 'date' in inAnyYear) said.daysOfYear.add(inAnyYear.date.toString().slice(5));
    }
    return said;
  }

  /** "On Friday" is any Friday about now. */
  #nearWeekdays(hearing: Hearing): Set<string> {
    const weekdays = new Set(this.#runs.flat().flatMap((word) => this.#language.weekdays.get(word) ?? []));
    if (weekdays.size === 0) return new Set();
    const from = today(hearing);
    const days = Array.from({ length: 2 * DAYS_OF_A_WEEKDAY + 1 }, (_, day) => day - DAYS_OF_A_WEEKDAY);
    const near = days.filter((day) => weekdays.has(((from.dayOfWeek - 1 + day + 2 * DAYS_OF_A_WEEKDAY) % 7) + 1));
    return new Set(near.map((day) => from.add({ days: day }).toString()));
  }

  #readAmounts(hearing: Hearing): Set<string> {
    const phrases = phrasesIn(this.#runs, (word) => isCurrencyWord(word, this.#language));
    const read = phrases.map((phrase) => readMoney(phrase.join(' '), hearing));
    return new Set(read.flatMap((amount) => (amount && 'value' in amount ? String(amount.value) : [])));
  }
}

function mayBeTime(phrase: string[], language: Vocabulary): boolean {
  const numbers = phrase.filter((word) => isNumberWord(word, language));
  const units = numbers.filter((word) => isUnit(language.numbers.get(word) ?? Number(word)));
  return numbers.length <= MOST_NUMBERS_IN_A_TIME && units.length <= MOST_UNITS_IN_A_TIME;
}

function isUnit(number: number): boolean {
  return number > 0 && number < 10;
}

function runsOf(words: string[], isOfMoments: (word: string) => boolean): string[][] {
  const runs: string[][] = [[]];
  for (const word of words) {
    if (isOfMoments(word)) runs.at(-1)!.push(word);
    else if (runs.at(-1)!.length > 0) runs.push([]);
  }
  return runs;
}

/** Every phrase of the runs with a word that it cannot do without; each once. */
function phrasesIn(runs: string[][], isNeeded: (word: string) => boolean): string[][] {
  const phrases = new Map<string, string[]>();
  for (const run of runs) {
    for (let at = 0; at < run.length; at++) {
      let text = '';
      let isWorthReading = false;
      for (let end = at; end < Math.min(run.length, at + LONGEST_PHRASE); end++) {
        text += ` ${run[end]!}`;
        isWorthReading ||= isNeeded(run[end]!);
        if (isWorthReading && !phrases.has(text)) phrases.set(text, run.slice(at, end + 1));
      }
    }
  }
  return [...phrases.values()];
}
