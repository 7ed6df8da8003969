import { parsePhoneNumberFromString } from 'libphonenumber-js';
import { Temporal } from 'temporal-polyfill';
import { splitCompounds } from './spoken/number-words.ts';
import { phraseAt } from './spoken/phrase.ts';
import { dateIn, today, writtenDate } from './spoken/read-date.ts';
import { digitsAt } from './spoken/read-digits.ts';
import { readMoney } from './spoken/read-money.ts';
import { timeIn } from './spoken/read-time.ts';
import type { Hearing } from './spoken/reading.ts';
import { fold, wordsOf } from './spoken/words.ts';

/** More than a minute of talking; older words are hardly what an argument is made of, and each is read in several ways. */
const MAX_WORDS = 200;
/** The longest date, time or amount in words: "on the twenty third of march twenty twenty seven". */
const LONGEST_PHRASE = 9;
/** "Next Friday" is at most so far away. */
const DAYS_OF_A_WEEKDAY = 14;

/** What the caller said lately, searchable for values in any of their written and spoken forms. */
export class CallerWords {
  readonly #hearing: Hearing;
  readonly #words: string[];
  readonly #pieces = new Map<number, { text: string; next: number }[]>();

  constructor(turns: string[], hearing: Hearing) {
    this.#hearing = hearing;
    this.#words = splitCompounds(turns.flatMap(wordsOf).slice(-MAX_WORDS), hearing.words);
  }

  /** True when the caller said the value: as it is, spelled, in digits, or as a date, time or amount that means it. */
  say(value: string | number): boolean {
    if (typeof value === 'number') return this.#spell(String(Math.abs(value)), true);
    return this.#spell(value, value.includes('@')) || this.#sayNumberOfPhone(value) || this.#sayMeaning(value);
  }

  #sayNumberOfPhone(value: string): boolean {
    const national = /^\+\d{7,15}$/.test(value) ? parsePhoneNumberFromString(value)?.nationalNumber : undefined;
    return national !== undefined && (this.#spell(national, false) || this.#spell(`0${national}`, false));
  }

  #sayMeaning(value: string): boolean {
    if (/^\d{4}-\d\d-\d\d$/.test(value)) return this.#sayDate(value);
    if (/^\d\d:\d\d(?::\d\d)?$/.test(value)) return this.#sayTime(value);
    if (/^\d{4}-\d\d-\d\dT.*(?:Z|[+-]\d\d:\d\d)$/.test(value)) return this.#sayMoment(value);
    return /^\d+(?:\.\d+)? [A-Z]{3}$/.test(value) && this.#sayMoney(value);
  }

  #sayMoment(value: string): boolean {
    const moment = Date.parse(value);
    if (Number.isNaN(moment)) return false;
    const local = Temporal.Instant.fromEpochMilliseconds(moment).toZonedDateTimeISO(this.#hearing.timeZone);
    return this.#sayDate(local.toPlainDate().toString()) && this.#sayTime(local.toPlainTime().toString({ smallestUnit: 'minute' }));
  }

  #sayDate(value: string): boolean {
    const written = writtenDate(value, this.#hearing);
    if (!written || 'problem' in written) return false;
    const { date } = written;
    const isNear = Math.abs(today(this.#hearing).until(date).days) <= DAYS_OF_A_WEEKDAY;
    return this.#anyPhrase((phrase) => {
      if (isNear && phrase.length === 1 && this.#hearing.words.weekdays.get(phrase[0]!) === date.dayOfWeek) return true;
      return [phrase, [...phrase, value.slice(0, 4)]].some((words) => {
        const read = dateIn(words, this.#hearing);
        return read !== undefined && 'date' in read && read.date.toString() === value;
      });
    });
  }

  #sayTime(value: string): boolean {
    const minute = Number(value.slice(0, 2)) * 60 + Number(value.slice(3, 5));
    return this.#anyPhrase((phrase) => timeIn(phrase, this.#hearing.words)?.minutes.includes(minute) ?? false);
  }

  #sayMoney(value: string): boolean {
    const amount = Number(value.split(' ')[0]);
    if (this.#spell(String(amount), true)) return true;
    return this.#anyPhrase((phrase) => {
      const read = readMoney(phrase.join(' '), this.#hearing);
      return read !== undefined && 'value' in read && read.value === value;
    });
  }

  #anyPhrase(means: (phrase: string[]) => boolean): boolean {
    const words = this.#words;
    return words.some((_, at) => {
      for (let end = at; end < Math.min(words.length, at + LONGEST_PHRASE) && this.#isOfMoments(words[end]!); end++) {
        if (means(words.slice(at, end + 1))) return true;
      }
      return false;
    });
  }

  /** Talk is mostly other words: only what lies between them is worth reading. */
  #isOfMoments(word: string): boolean {
    return /^\d/.test(word) || this.#hearing.words.ofMoments.has(word);
  }

  /** Whole words, one after the other, make up the text; signs count only in addresses and decimals. */
  #spell(text: string, withSigns: boolean): boolean {
    const clean = (piece: string) => (withSigns ? piece.replaceAll(/\s/g, '') : piece.replaceAll(/[^\p{L}\p{N}]/gu, ''));
    const wanted = clean(fold(text));
    if (wanted === '') return false;
    const deadEnds = new Set<number>();
    const from = (at: number, done: number): boolean => {
      if (done === wanted.length) return true;
      const key = at * (wanted.length + 1) + done;
      if (at >= this.#words.length || deadEnds.has(key)) return false;
      deadEnds.add(key);
      return this.#piecesAt(at).some((piece) => {
        const written = clean(piece.text);
        return wanted.startsWith(written, done) && from(piece.next, done + written.length);
      });
    };
    return this.#words.some((_, at) => from(at, 0));
  }

  /** The ways to write the words that begin here: "at" or `@`, "double five" or `55`. */
  #piecesAt(at: number): { text: string; next: number }[] {
    const known = this.#pieces.get(at);
    if (known) return known;
    const { words: language } = this.#hearing;
    const word = this.#words[at]!;
    const symbol = phraseAt(language.symbols, this.#words, at);
    const times = language.repeats.get(word);
    const letter = this.#words[at + 1] ?? '';
    const pieces = [
      { text: word, next: at + 1 },
      ...(symbol ? [{ text: symbol.means, next: at + symbol.words.length }] : []),
      ...(times !== undefined && letter.length === 1 ? [{ text: letter.repeat(times), next: at + 2 }] : []),
      ...digitsAt(this.#words, at, language),
    ].map((piece) => ('text' in piece ? piece : { text: piece.digits, next: piece.next }));
    this.#pieces.set(at, pieces);
    return pieces;
  }
}
