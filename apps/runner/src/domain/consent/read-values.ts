import type { ValueLexicon } from './lexicon.ts';
import type { Word } from './read-words.ts';

/** A value as somebody said it. Times count in minutes of half a day, because callers rarely say which half. */
export interface SpokenValue {
  kind: 'time' | 'day' | 'month' | 'weekday' | 'number' | 'relative';
  value: number | string;
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
  if (clock) return found('time', time(Number(clock[1]), Number(clock[2])));
  const spoken = readMinutesBefore(words, at, lexicon);
  if (spoken) return spoken;
  const weekday = lexicon.weekdays.get(text);
  if (weekday !== undefined) return found('weekday', weekday);
  const month = lexicon.months.get(text);
  if (month !== undefined && (numberAt(words, at + 1, lexicon) ?? numberAt(words, at - 1, lexicon)) !== null) return found('month', month);
  const ordinal = lexicon.ordinals.get(text);
  if (ordinal !== undefined) return found('day', ordinal);
  if (lexicon.relative.has(text)) return found('relative', text);
  const number = numberAt(words, at, lexicon);
  return number === null ? null : readNumber(words, at, number, lexicon);
}

function readNumber(words: Word[], at: number, number: number, lexicon: ValueLexicon): SpokenValue {
  const before = words[at - 1]?.text ?? '';
  const after = words[at + 1]?.text ?? '';
  const isDay = ['st', 'nd', 'rd', 'th'].includes(after) || lexicon.months.has(after) || lexicon.months.has(before) || lexicon.months.has(words[at + 2]?.text ?? '');
  if (isDay) return { kind: 'day', value: number, from: at, to: at + (/^(st|nd|rd|th)$/.test(after) ? 2 : 1) };
  const isTime = number <= 24 && (lexicon.timeAfter.has(after) || lexicon.timeBefore.has(before));
  if (isTime) return readTime(words, at, number, lexicon);
  if (lexicon.dayBefore.has(before) && number <= 31) return { kind: 'day', value: number, from: at, to: at + 1 };
  return { kind: 'number', value: number, from: at, to: at + 1 };
}

function readTime(words: Word[], at: number, hour: number, lexicon: ValueLexicon): SpokenValue {
  let to = at + 1;
  let minutes = 0;
  const spoken = numberAt(words, to, lexicon);
  if (spoken !== null && spoken >= 10 && spoken < 60) [minutes, to] = [spoken, to + 1];
  const added = [2, 1].map((length) => ({ length, minutes: lexicon.minutesAfter.get(textOf(words, to, length)) })).find((one) => one.minutes !== undefined);
  if (added) [minutes, to] = [added.minutes ?? 0, to + added.length];
  if (lexicon.timeAfter.has(words[to]?.text ?? '')) to += 1;
  return { kind: 'time', value: time(hour, minutes), from: at, to };
}

function readMinutesBefore(words: Word[], at: number, lexicon: ValueLexicon): SpokenValue | null {
  if (!lexicon.opensMinutes.has(words[at]?.text ?? '')) return null;
  for (const length of [3, 2, 1]) {
    const minutes = lexicon.minutesBefore.get(textOf(words, at, length));
    const hour = minutes === undefined ? null : numberAt(words, at + length, lexicon);
    if (minutes !== undefined && hour !== null) return { kind: 'time', value: time(hour, minutes), from: at, to: at + length + 1 };
  }
  return null;
}

function numberAt(words: Word[], at: number, lexicon: ValueLexicon): number | null {
  const text = words[at]?.text;
  if (text === undefined) return null;
  const known = lexicon.numbers.get(text) ?? lexicon.ordinals.get(text);
  if (known !== undefined) return known;
  return /^\d/.test(text) ? Number(text.replaceAll(',', '')) : null;
}

function textOf(words: Word[], at: number, length: number): string {
  return words.slice(at, at + length).map(({ text }) => text).join(' ');
}

function time(hours: number, minutes: number): number {
  return (hours * 60 + minutes + HALF_DAY_MINUTES) % HALF_DAY_MINUTES;
}
