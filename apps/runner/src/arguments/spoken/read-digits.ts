import { readBelowHundred, readNumberAt, splitCompounds } from './number-words.ts';
import type { Hearing, Reading } from './reading.ts';
import type { Vocabulary } from './vocabulary.ts';
import { wordsOf } from './words.ts';

/** Each "eight hundred five" doubles what may be meant; more than this is not worth telling apart. */
const MAX_READINGS = 16;
/** Digits are said in groups like "eight hundred" or "two thousand"; more is an amount. */
const LARGEST_GROUP = 9_999;
const DIGIT_BY_DIGIT: Reading = { problem: 'is ambiguous: ask the caller for it digit by digit' };

/** "four two oh double five", "12 34 56"; for `digits`, the ids whose leading zeros count. */
export function readDigits(spoken: string, { words: language }: Hearing): Reading | undefined {
  const readings = digitReadings(wordsOf(spoken), language);
  if (readings.length === 0 || readings[0]!.startsWith('+')) return undefined;
  return readings.length === 1 ? { value: readings[0]! } : DIGIT_BY_DIGIT;
}

/**
 * Every string of digits that the words may stand for: "eight hundred five" is 805 or 8005. None when a word is no number.
 * A leading plus is kept.
 */
export function digitReadings(spokenWords: string[], language: Vocabulary): string[] {
  const words = splitCompounds(spokenWords, language);
  const hasPlus = language.plus.has(words[0] ?? '');
  const readings = readingsFrom(words, hasPlus ? 1 : 0, language);
  return [...new Set(readings)].map((digits) => (hasPlus ? `+${digits}` : digits)).filter((digits) => /\d/.test(digits));
}

function readingsFrom(words: string[], start: number, language: Vocabulary): string[] {
  let readings: { digits: string; next: number }[] = [{ digits: '', next: start }];
  for (;;) {
    const open = readings.filter(({ next }) => next < words.length);
    if (open.length === 0) return readings.map(({ digits }) => digits);
    readings = readings.flatMap((reading) =>
      reading.next === words.length
        ? [reading]
        : digitsAt(words, reading.next, language).map(({ digits, next }) => ({ digits: reading.digits + digits, next })),
    );
    if (readings.length > MAX_READINGS) return [];
  }
}

/** What the next words may add: nothing means that they are no digits. */
export function digitsAt(words: string[], at: number, language: Vocabulary): { digits: string; next: number }[] {
  const word = words[at] ?? '';
  if (/^\d[\d.,]*$/.test(word)) return [{ digits: word.replaceAll(/[.,]/g, ''), next: at + 1 }];
  if (language.zeroInDigits.has(word)) return [{ digits: '0', next: at + 1 }];
  const times = language.repeats.get(word);
  if (times !== undefined) return repeated(times, words, at + 1, language);
  const read = language.scales.has(word) ? undefined : readNumberAt(words, at, language);
  if (!read || read.value > LARGEST_GROUP) return [];
  const whole = { digits: String(read.value), next: read.next };
  if (read.afterScale === 0 || read.afterScale === read.next) return [whole];
  const upToScale = readNumberAt(words.slice(0, read.afterScale), at, language)!;
  return [whole, { digits: String(upToScale.value), next: read.afterScale }];
}

function repeated(times: number, words: string[], at: number, language: Vocabulary): { digits: string; next: number }[] {
  const digit = language.zeroInDigits.has(words[at] ?? '') ? { value: 0, next: at + 1 } : readBelowHundred(words, at, language);
  return digit && digit.value < 10 ? [{ digits: String(digit.value).repeat(times), next: digit.next }] : [];
}
