import { parsePhoneNumberFromString } from 'libphonenumber-js';
import { Temporal } from 'temporal-polyfill';
import { SaidMoments } from './said-moments.ts';
import { SpelledWords } from './spelled-words.ts';
import { splitCompounds } from './spoken/number-words.ts';
import type { Hearing } from './spoken/reading.ts';
import type { Vocabulary } from './spoken/vocabulary.ts';
import { wordsOf } from './spoken/words.ts';

/** More than a minute of talking; older words are hardly what an argument is made of, and each is read in several ways. */
const MAX_WORDS = 200;
/** The longest date, time or amount; RFC 3339 with nanoseconds and offset has 35. */
const MAX_MOMENT_LETTERS = 64;
/** No country code and trunk prefix together are longer. */
const MOST_DIGITS_BEFORE_NATIONAL = 5;

interface Heard {
  language: Vocabulary;
  spelled: SpelledWords;
  moments: SaidMoments;
}

/** What the caller said lately, searchable for values in any of their written and spoken forms. Read when first searched, and then once. */
export class CallerWords {
  /** For calls in which nothing was said yet. */
  static readonly NOBODY = new CallerWords([]);

  readonly #turns: readonly string[];
  #heard: Heard | undefined;

  /** `turns` are not to change any more. */
  constructor(turns: readonly string[]) {
    this.#turns = turns;
  }

  /** True when the caller said the value: as it is, spelled, in digits, or as a date, time or amount that means it. */
  say(value: string | number, hearing: Hearing): boolean {
    if (this.#turns.length === 0) return false;
    const heard = this.#heardIn(hearing.words);
    if (typeof value === 'number') return heard.spelled.spell(String(Math.abs(value)), true);
    return heard.spelled.spell(value, value.includes('@')) || sayNumberOfPhone(value, heard) || sayMeaning(value, heard, hearing);
  }

  #heardIn(language: Vocabulary): Heard {
    if (this.#heard?.language === language) return this.#heard;
    const words = splitCompounds(this.#turns.flatMap(wordsOf).slice(-MAX_WORDS), language);
    this.#heard = { language, spelled: new SpelledWords(words, language), moments: new SaidMoments(words, language) };
    return this.#heard;
  }
}

function sayNumberOfPhone(value: string, { spelled }: Heard): boolean {
  if (!/^\+\d{7,15}$/.test(value)) return false;
  const sayNational = (national: string) => spelled.spell(national, false) || spelled.spell(`0${national}`, false);
  // Taking a number apart costs a hundred times as much as looking for it: only one whose end was said is worth it.
  const ends = Array.from({ length: MOST_DIGITS_BEFORE_NATIONAL }, (_, digits) => value.slice(digits + 2));
  if (!ends.some(sayNational)) return false;
  const national = parsePhoneNumberFromString(value)?.nationalNumber;
  return national !== undefined && sayNational(national);
}

function sayMeaning(value: string, { spelled, moments }: Heard, hearing: Hearing): boolean {
  if (value.length > MAX_MOMENT_LETTERS) return false;
  if (/^\d{4}-\d\d-\d\d$/.test(value)) return moments.haveDate(value, hearing);
  if (/^\d\d:\d\d(?::\d\d)?$/.test(value)) return moments.haveTime(value);
  if (/^\d{4}-\d\d-\d\dT.*(?:Z|[+-]\d\d:\d\d)$/.test(value)) return haveMoment(value, moments, hearing);
  if (!/^\d+(?:\.\d+)? [A-Z]{3}$/.test(value)) return false;
  return spelled.spell(String(Number(value.split(' ')[0])), true) || moments.haveMoney(value, hearing);
}

function haveMoment(value: string, moments: SaidMoments, hearing: Hearing): boolean {
  const moment = Date.parse(value);
  if (Number.isNaN(moment) || !moments.haveAny(hearing)) return false;
  const local = Temporal.Instant.fromEpochMilliseconds(moment).toZonedDateTimeISO(hearing.timeZone);
  return moments.haveDate(local.toPlainDate().toString(), hearing) && moments.haveTime(local.toPlainTime().toString({ smallestUnit: 'minute' }));
}
