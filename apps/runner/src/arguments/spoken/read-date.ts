import { Temporal } from 'temporal-polyfill';
import { readBelowHundred, readNumberAt, splitCompounds } from './number-words.ts';
import { phraseAt } from './phrase.ts';
import type { Hearing, Reading } from './reading.ts';
import { matchTemplate, type SlotReader, type Slots } from './template.ts';
import type { DatePhrase } from './language.ts';
import type { Vocabulary } from './vocabulary.ts';
import { wordsOf } from './words.ts';

const ISO_DATE = /^\d{4}-\d\d-\d\d$/;
const WRITTEN_DATE = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/;

export type DateRead = { date: Temporal.PlainDate } | { problem: string };

/** "tomorrow", "next friday", "march third twenty twenty seven", "24.12.2026"; becomes `YYYY-MM-DD`. */
export function readDate(spoken: string, hearing: Hearing): Reading | undefined {
  const read = writtenDate(spoken.trim(), hearing) ?? dateIn(wordsOf(spoken), hearing);
  return read && 'date' in read ? { value: read.date.toString() } : read;
}

export function today({ now, timeZone }: Hearing): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(timeZone).toPlainDate();
}

/** The date in numerals; `3/4/2027` is two dates. */
export function writtenDate(text: string, { words: language }: Hearing): DateRead | undefined {
  if (ISO_DATE.test(text)) return dateOf(Number(text.slice(0, 4)), Number(text.slice(5, 7)), Number(text.slice(8)));
  const [, first, second, written] = WRITTEN_DATE.exec(text) ?? [];
  if (!first || !second || !written) return undefined;
  const [a, b, year] = [Number(first), Number(second), Number(written)];
  const isDayFirst = a > 12 || a === b || (text.includes('.') && language.dotsInDates);
  if (isDayFirst) return dateOf(year, b, a);
  if (b > 12) return dateOf(year, a, b);
  return { problem: `is ambiguous: ask the caller for the name of the month, and give it as ${iso(year, a, b)} or ${iso(year, b, a)}` };
}

function iso(year: number, month: number, day: number): string {
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

/** The date that all the words together say. */
export function dateIn(spokenWords: string[], hearing: Hearing): DateRead | undefined {
  const language = hearing.words;
  const words = spokenWords.filter((word) => !language.dateFillers.has(word));
  const day = phraseAt(language.days, words, 0);
  if (day && day.words.length === words.length) return { date: today(hearing).add({ days: day.means }) };
  const readers = readersFor(language);
  const parts = splitCompounds(words, language);
  for (const { template, means } of language.dates) {
    const slots = matchTemplate(template, parts, readers) ?? (language.compounds ? matchTemplate(template, words, readers) : undefined);
    if (slots) return meaningOf(means, slots, hearing);
  }
  return undefined;
}

function meaningOf(means: DatePhrase['means'], slots: Slots, hearing: Hearing): DateRead {
  const { year = 0, month = 0, day = 0, weekday = 0, count = 0 } = slots;
  switch (means) {
    case 'date':
      return dateOf(year, month, day);
    case 'date_without_year':
      return { problem: 'has no year: give the date as YYYY-MM-DD' };
    case 'days':
      return { date: today(hearing).add({ days: count }) };
    case 'weeks':
      return { date: today(hearing).add({ weeks: count }) };
    default:
      return onWeekday(means, weekday, hearing);
  }
}

/** "Friday" on a Friday, and "next Friday" early in the week, are said of two days. */
function onWeekday(means: 'weekday' | 'this_weekday' | 'next_weekday', weekday: number, hearing: Hearing): DateRead {
  const from = today(hearing);
  const ahead = (weekday - from.dayOfWeek + 7) % 7;
  const coming = from.add({ days: ahead });
  const following = from.add({ days: ahead + 7 });
  if (ahead === 0) return means === 'next_weekday' ? { date: following } : twoDates(coming, following);
  if (means !== 'next_weekday') return { date: coming };
  const isInNextWeek = dayOfWeek(from, hearing.region) + ahead >= 7;
  return isInNextWeek ? { date: coming } : twoDates(coming, following);
}

function twoDates(first: Temporal.PlainDate, second: Temporal.PlainDate): DateRead {
  return { problem: `is ambiguous: ask the caller whether ${first.toString()} or ${second.toString()} is meant` };
}

/** 0 on the day a week begins in the region. */
function dayOfWeek(date: Temporal.PlainDate, region: string): number {
  return (date.dayOfWeek - firstDayOfWeek(region) + 7) % 7;
}

const FIRST_DAYS = new Map<string, number>();

/** Part of Node 24's Intl (a proposal at stage 4), not yet of TypeScript's library. */
function firstDayOfWeek(region: string): number {
  const known = FIRST_DAYS.get(region);
  if (known !== undefined) return known;
  const locale = new Intl.Locale(`und-${region}`) as Intl.Locale & { getWeekInfo(): { firstDay: number } };
  const { firstDay } = locale.getWeekInfo();
  FIRST_DAYS.set(region, firstDay);
  return firstDay;
}

function dateOf(year: number, month: number, day: number): DateRead {
  try {
    return { date: Temporal.PlainDate.from({ year, month, day }, { overflow: 'reject' }) };
  } catch (error) {
    if (error instanceof RangeError) return { problem: 'is a date that does not exist: ask the caller again' };
    throw error;
  }
}

const READERS = new Map<Vocabulary, Record<string, SlotReader>>();

function readersFor(language: Vocabulary): Record<string, SlotReader> {
  const known = READERS.get(language) ?? slotReaders(language);
  READERS.set(language, known);
  return known;
}

function slotReaders(language: Vocabulary): Record<string, SlotReader> {
  const named = (values: Map<string, number>): SlotReader => (words, at) => {
    const value = values.get(words[at] ?? '');
    return value === undefined ? undefined : { value, next: at + 1 };
  };
  return {
    month: named(language.months),
    weekday: named(language.weekdays),
    day: (words, at) => dayAt(words, at, language),
    year: (words, at) => yearAt(words, at, language),
    count: (words, at) => countAt(words, at, language),
  };
}

export function countAt(words: string[], at: number, language: Vocabulary): { value: number; next: number } | undefined {
  if (language.one.has(words[at] ?? '')) return { value: 1, next: at + 1 };
  const read = readNumberAt(words, at, language);
  return read && read.value >= 1 && read.value <= 400 ? read : undefined;
}

/** "third", "twenty third", "3rd", "three". */
function dayAt(words: string[], at: number, language: Vocabulary): { value: number; next: number } | undefined {
  const ordinal = language.ordinals.get(words[at] ?? '');
  if (ordinal !== undefined) return { value: ordinal, next: at + 1 };
  const tens = language.tens.get(words[at] ?? '');
  const unit = tens === undefined ? undefined : language.ordinals.get(words[at + 1] ?? '');
  if (tens !== undefined && unit !== undefined && unit < 10) return { value: tens + unit, next: at + 2 };
  const read = readBelowHundred(words, at, language);
  if (!read || read.value < 1 || read.value > 31) return undefined;
  return { value: read.value, next: language.ordinalSuffixes.has(words[read.next] ?? '') ? read.next + 1 : read.next };
}

/** "2027", "two thousand twenty seven", "twenty twenty seven", "nineteen oh five". */
function yearAt(words: string[], at: number, language: Vocabulary): { value: number; next: number } | undefined {
  const read = readNumberAt(words, at, language);
  if (read && read.value >= 1900 && read.value < 2100) return read;
  const century = language.yearInPairs ? readBelowHundred(words, at, language) : undefined;
  if (century?.value !== 19 && century?.value !== 20) return undefined;
  const hasZero = language.zeroInDigits.has(words[century.next] ?? '');
  const rest = readBelowHundred(words, century.next + (hasZero ? 1 : 0), language);
  return rest && rest.value < 10 === hasZero ? { value: century.value * 100 + rest.value, next: rest.next } : undefined;
}
