/**
 * A way to say a time: `minutes` from the full `{hour}`, and the `{minute}` counted forwards (`sign` 1) or backwards (-1).
 * In a phrase `a|b` is either word; `{minutes}` is a minute that cannot be mistaken for another number (10 to 59, or written `05`).
 */
export interface TimePhrase {
  say: string;
  minutes?: number;
  sign?: 1 | -1;
}

/** Part of a day: minutes since midnight, `[from, before)`; `day` where the words also say which day, in days from today. */
export interface DayPart {
  say: string[];
  ranges: [from: number, before: number][];
  day?: number;
}

export interface DatePhrase {
  say: string;
  means: 'date' | 'date_without_year' | 'weekday' | 'this_weekday' | 'next_weekday' | 'days' | 'weeks';
}

/** ISO 4217 code, or the code by the country in which the word is said; in any other country the word is ambiguous. */
export type CurrencyMeaning = string | Record<string, string>;

/** What people of one language say for numbers, times, dates, money and addresses: words only, no rules. */
export interface Language {
  /** Numbers below 100 that take nothing after them. */
  numbers: Record<string, number>;
  /** 20 to 90, which may be followed by a unit (or preceded, see `unitBeforeTens`). */
  tens: Record<string, number>;
  /** 100 to 900 in one word. */
  hundreds: Record<string, number>;
  hundred: string[];
  scales: Record<string, number>;
  /** May stand for one before a hundred or a thousand. */
  one: string[];
  /** Hundred and thousand may stand alone for 100 and 1,000. */
  bareScales: boolean;
  unitBeforeTens: boolean;
  /** Stands between tens and unit; without it they are next to each other. */
  tensJoiner: string | null;
  /** May stand after a hundred or a thousand. */
  joiner: string | null;
  /** Numbers are written as one long word. */
  compounds: boolean;
  negative: string[];
  decimalPoint: string[];
  andAHalf: string[];
  /** How a numeral is grouped: `1,250.5` or `1.250,5`. */
  decimalComma: boolean;

  /** Zero, only where digits are read out. */
  zeroInDigits: string[];
  repeats: Record<string, number>;
  plus: string[];

  yes: string[];
  no: string[];

  symbols: Record<'@' | '.' | '_' | '-' | '+', string[]>;
  letters: Record<string, string>;
  /** "s as in Sam". */
  letterExamples: string[];

  timeFillers: string[];
  times: TimePhrase[];
  namedTimes: Record<string, number>;
  dayParts: DayPart[];
  /** From now on, in minutes for each `{count}`. */
  later: { say: string; minutes: number }[];

  dateFillers: string[];
  months: Record<string, number>;
  /** Monday is 1. */
  weekdays: Record<string, number>;
  days: Record<string, number>;
  ordinals: Record<string, number>;
  ordinalSuffixes: string[];
  dates: DatePhrase[];
  /** `3.4.2027` is the third of April: nobody writes the month first with dots. */
  dotsInDates: boolean;
  /** Years are said as two numbers: "nineteen eighty four". */
  yearInPairs: boolean;

  currencies: Record<string, CurrencyMeaning>;
  minorUnits: string[];
  /** May stand between the currency and its hundredths. */
  minorJoiners: string[];
}
