import type { DayPart } from './language.ts';
import { readBelowHundred, splitCompounds } from './number-words.ts';
import { phraseAt, takePhrase } from './phrase.ts';
import type { Hearing, Reading } from './reading.ts';
import { matchTemplate, type SlotReader } from './template.ts';
import type { Vocabulary } from './vocabulary.ts';
import { wordsOf } from './words.ts';

const HALF_DAY = 720;
const DAY = 1440;

export interface TimeRead {
  /** Minutes since midnight that may be meant. */
  minutes: number[];
  /** The part of the day that was said. */
  part?: DayPart;
  isMidnight: boolean;
}

/** "half past five pm", "17:30", "quarter to six in the evening"; becomes `HH:MM`. */
export function readTime(spoken: string, { words: language }: Hearing): Reading | undefined {
  const read = timeIn(wordsOf(spoken), language);
  return read && onlyTime(read);
}

export function onlyTime({ minutes, part }: TimeRead): { value: string } | { problem: string } {
  const [first, second] = minutes;
  if (first === undefined) return { problem: `is contradictory: there is no such time "${part?.say[0] ?? ''}"; ask the caller again` };
  if (second === undefined) return { value: clock(first) };
  return { problem: `is ambiguous: ask the caller whether ${clock(first)} (morning) or ${clock(second)} (afternoon or evening) is meant` };
}

export function clock(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}

/** The time that all the words together say. */
export function timeIn(spokenWords: string[], language: Vocabulary): TimeRead | undefined {
  const taken = takePhrase(language.dayParts, spokenWords);
  return timeInPart(taken?.rest ?? spokenWords, taken?.means, language);
}

/** The time that the words say when the part of the day is known, or was not said. */
export function timeInPart(spokenWords: string[], part: DayPart | undefined, language: Vocabulary): TimeRead | undefined {
  const words = splitCompounds(spokenWords, language);
  const named = timeByName(words, language);
  if (named !== undefined) return part ? undefined : { minutes: [named], isMidnight: named === 0 };
  const spoken = words.filter((word) => !language.timeFillers.has(word)).flatMap(splitClock);
  const isWritten = words.some((word) => /^\d\d:\d\d$/.test(word));
  for (const candidate of [spoken, words]) {
    const read = byPhrase(candidate, language);
    if (read) return { minutes: within(part, possible(read, isWritten && !part)), ...(part ? { part } : {}), isMidnight: false };
  }
  return undefined;
}

function timeByName(words: string[], language: Vocabulary): number | undefined {
  const from = words.findIndex((word) => !language.timeFillers.has(word));
  const named = from < 0 ? undefined : phraseAt(language.namedTimes, words, from);
  return named && from + named.words.length === words.length ? named.means : undefined;
}

function splitClock(word: string): string[] {
  return /^\d{1,2}[:.]\d\d$/.test(word) ? word.split(/[:.]/) : [word];
}

function byPhrase(words: string[], language: Vocabulary): { hour: number; total: number } | undefined {
  const readers = readersFor(language);
  for (const { template, minutes = 0, sign = 0 } of language.times) {
    const slots = matchTemplate(template, words, readers);
    if (!slots) continue;
    const hour = slots['hour']!;
    return { hour, total: (hour * 60 + minutes + sign * (slots['minute'] ?? slots['minutes'] ?? 0) + DAY) % DAY };
  }
  return undefined;
}

const READERS = new Map<Vocabulary, Record<string, SlotReader>>();

function readersFor(language: Vocabulary): Record<string, SlotReader> {
  const known = READERS.get(language) ?? slotReaders(language);
  READERS.set(language, known);
  return known;
}

function slotReaders(language: Vocabulary): Record<string, SlotReader> {
  const between = (from: number, to: number): SlotReader => {
    return (words, at) => {
      const read = readBelowHundred(words, at, language);
      return read && read.value >= from && read.value <= to ? read : undefined;
    };
  };
  const sure: SlotReader = (words, at) => between(/^0\d$/.test(words[at] ?? '') ? 0 : 10, 59)(words, at);
  return { hour: between(0, 23), minute: between(1, 59), minutes: sure };
}

/** Up to twelve an hour may be meant twice a day; a written `05:30` is of the 24-hour clock. */
function possible({ hour, total }: { hour: number; total: number }, isWritten: boolean): number[] {
  if (hour === 0 || hour > 12 || isWritten) return [total];
  const early = total % HALF_DAY;
  return [early, early + HALF_DAY];
}

function within(part: DayPart | undefined, minutes: number[]): number[] {
  if (!part) return minutes;
  return minutes.filter((minute) => part.ranges.some(([from, before]) => minute >= from && minute < before));
}
