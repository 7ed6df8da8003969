import type { ValueLexicon } from './value-lexicon.ts';
import { numberAt, zeroAt } from './read-number.ts';
import type { NumberAt } from './read-number.ts';
import type { Word } from './read-words.ts';

/** A value as somebody said it. Times count in minutes of half a day, because callers rarely say which half. */
export interface SpokenValue {
  kind: 'time' | 'day' | 'month' | 'weekday' | 'number' | 'relative' | 'half';
  value: number | string;
  /** Which half of the day a time is in, where it was said. */
  half?: string;
  /** What a number counts: one class of words, "people" and "guests" alike. */
  unit?: string;
  /** A number that stands alone may as well be an hour. */
  mayBeHour?: boolean;
  /** Behind an article it may as well be a day of the month. */
  mayBeDay?: boolean;
  /** The words it takes, the last one excluded. */
  from: number;
  to: number;
}

const HALF_DAY_MINUTES = 720;

/** Reads the value that begins at a word, or null. */
export function readValueAt(words: Word[], at: number, lexicon: ValueLexicon): SpokenValue | null {
  const text = words[at]?.text ?? '';
  const found = (kind: SpokenValue['kind'], value: number | string, to = at + 1): SpokenValue => ({ kind, value, from: at, to });
  const clock = /^(\d{1,2})[:.](\d{2})$/.exec(text);
  if (clock && isClock(words, at, lexicon)) return readClock(words, at, clock[1] ?? '', Number(clock[2]), lexicon);
  const spoken = readMinutesBefore(words, at, lexicon);
  if (spoken) return spoken;
  const weekday = lexicon.weekdays.get(text);
  if (weekday !== undefined) return found('weekday', weekday);
  const month = lexicon.months.get(text);
  if (month !== undefined && isBesideDay(words, at, lexicon)) return found('month', month);
  const ordinal = lexicon.ordinals.get(text);
  if (ordinal !== undefined) return found('day', ordinal);
  const half = halfAt(words, at, lexicon);
  if (half) return found('half', half.part, half.to);
  if (lexicon.relative.has(text)) return found('relative', text);
  const number = pointsAtOne(words, at, lexicon) ? null : numberAt(words, at, lexicon);
  return number === null ? null : readNumber(words, at, number, lexicon);
}

/** "March 3", "3 March", "3. März" */
function isBesideDay(words: Word[], at: number, lexicon: ValueLexicon): boolean {
  const before = words[at - 1]?.text === '.' ? at - 2 : at - 1;
  return (numberAt(words, at + 1, lexicon) ?? numberAt(words, before, lexicon)) !== null;
}

/** "That one" */
function pointsAtOne(words: Word[], at: number, lexicon: ValueLexicon): boolean {
  return lexicon.pronouns.has(words[at]?.text ?? '') && lexicon.pointers.has(words[at - 1]?.text ?? '') && numberAt(words, at + 1, lexicon) === null;
}

/** "25.99" is a time only where dots part hours from minutes. */
function isClock(words: Word[], at: number, lexicon: ValueLexicon): boolean {
  const [hours = 0, minutes = 0] = (words[at]?.text ?? '').split(/[:.]/).map(Number);
  return hours <= 24 && minutes < 60 && !lexicon.units.has(words[at + 1]?.text ?? '');
}

function readClock(words: Word[], at: number, hours: string, minutes: number, lexicon: ValueLexicon): SpokenValue {
  const writtenHalf = Number(hours) > 12 ? 'pm' : hours.startsWith('0') ? 'am' : undefined;
  const to = lexicon.timeAfter.has(words[at + 1]?.text ?? '') && !halfAt(words, at + 1, lexicon) ? at + 2 : at + 1;
  const said = halfAt(words, to, lexicon);
  return { kind: 'time', value: time(Number(hours), minutes), from: at, to: said?.to ?? to, half: said?.half ?? writtenHalf };
}

function readNumber(words: Word[], at: number, { value, to }: NumberAt, lexicon: ValueLexicon): SpokenValue {
  const before = words[at - 1]?.text ?? '';
  const after = words[to]?.text ?? '';
  const isDay = ['st', 'nd', 'rd', 'th'].includes(after) || lexicon.months.has(after) || lexicon.months.has(before) || (lexicon.beforeMonths.has(after) && lexicon.months.has(words[to + 1]?.text ?? ''));
  if (isDay) return { kind: 'day', value, from: at, to: to + (/^(st|nd|rd|th)$/.test(after) ? 1 : 0) };
  const unit = lexicon.units.get(after);
  if (unit !== undefined) return { kind: 'number', value, from: at, to: to + 1, unit };
  if (lexicon.peopleAfter.has(textOf(words, to, 2))) return { kind: 'number', value, from: at, to: to + 2, unit: lexicon.people };
  const isTime = value <= 24 && (lexicon.timeAfter.has(after) || lexicon.timeBefore.has(before) || isSpokenClock(words, value, to, lexicon) || halfAt(words, to, lexicon) !== null || lexicon.minutesAfter.has(textOf(words, to, 2)));
  if (isTime) return readTime(words, at, { value, to }, lexicon);
  const isLast = after === '' || words[to]?.mark !== null;
  if (lexicon.dayBefore.has(before) && value <= 31 && (isLast || lexicon.directions.has(after))) return { kind: 'day', value, from: at, to };
  return { kind: 'number', value, from: at, to, mayBeHour: value <= 12 && !lexicon.countBefore.has(before), mayBeDay: lexicon.dayBefore.has(before) };
}

/** "One thirty". */
function isSpokenClock(words: Word[], hour: number, at: number, lexicon: ValueLexicon): boolean {
  if (zeroAt(words, at, lexicon)) return hour <= 12 && numberAt(words, at + 2, lexicon) === null;
  const minutes = numberAt(words, at, lexicon);
  return hour >= 1 && minutes !== null && minutes.value >= 10 && minutes.value < 60 && minutes.value % 5 === 0 && !lexicon.units.has(words[minutes.to]?.text ?? '');
}

function readTime(words: Word[], at: number, number: NumberAt, lexicon: ValueLexicon): SpokenValue {
  let to = number.to;
  if (lexicon.timeAfter.has(words[to]?.text ?? '') && !halfAt(words, to, lexicon)) to += 1;
  let minutes = 0;
  const zero = zeroAt(words, to, lexicon);
  const spoken = numberAt(words, zero?.to ?? to, lexicon);
  if (spoken !== null && (zero === null ? spoken.value >= 10 : spoken.value < 10) && spoken.value < 60) [minutes, to] = [spoken.value, spoken.to];
  const added = [2, 1].map((length) => ({ length, minutes: lexicon.minutesAfter.get(textOf(words, to, length)) })).find((one) => one.minutes !== undefined);
  if (added) [minutes, to] = [added.minutes ?? 0, to + added.length];
  if (lexicon.timeAfter.has(words[to]?.text ?? '') && !halfAt(words, to, lexicon)) to += 1;
  const said = halfAt(words, to, lexicon);
  const half = said?.half ?? (number.value > 12 ? 'pm' : undefined);
  return { kind: 'time', value: time(number.value, minutes), from: at, to: said?.to ?? to, half };
}

function readMinutesBefore(words: Word[], at: number, lexicon: ValueLexicon): SpokenValue | null {
  if (!lexicon.opensMinutes.has(words[at]?.text ?? '')) return null;
  for (const length of [3, 2, 1]) {
    const minutes = lexicon.minutesBefore.get(textOf(words, at, length));
    const hour = minutes === undefined ? null : numberAt(words, at + length, lexicon);
    if (minutes === undefined || hour === null || isRange(words, at, length, lexicon)) continue;
    const said = halfAt(words, hour.to, lexicon);
    return { kind: 'time', value: time(hour.value, minutes), from: at, to: said?.to ?? hour.to, half: said?.half };
  }
  return null;
}

/** "From ten to twelve" */
function isRange(words: Word[], at: number, length: number, { directions }: ValueLexicon): boolean {
  return directions.has(words[at - 1]?.text ?? '') && directions.has(words[at + length - 1]?.text ?? '');
}

/** "Pm" or "in the evening". */
function halfAt(words: Word[], at: number, { halves, opensHalves }: ValueLexicon): { part: string; half: string; to: number } | null {
  if (!opensHalves.has(words[at]?.text ?? '')) return null;
  for (const length of [3, 2, 1]) {
    const part = halves.get(textOf(words, at, length));
    if (part !== undefined) return { part, half: part.slice(0, 2), to: at + length };
  }
  return null;
}

function textOf(words: Word[], at: number, length: number): string {
  return words.slice(at, at + length).map(({ text }) => text).join(' ');
}

function time(hours: number, minutes: number): number {
  return (hours * 60 + minutes + HALF_DAY_MINUTES) % HALF_DAY_MINUTES;
}
