import { phraseAt } from './phrase.ts';
import { readNumberAt, splitCompounds } from './number-words.ts';
import type { Hearing, Reading } from './reading.ts';
import type { Vocabulary } from './vocabulary.ts';
import { wordsOf } from './words.ts';

const JSON_NUMBER = /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,10})?$/;
const IN_PIECES: Reading = { problem: 'is ambiguous: ask the caller for the number in one piece, such as "one hundred twenty"' };
/** Two digits in a row may be two answers ("five, six"); three are a number read out. */
const FEWEST_DIGITS_READ_OUT = 3;

/** "twenty three", "minus five", "three point five", "two and a half", "1,250". */
export function readNumber(spoken: string, { words: language }: Hearing): Reading | undefined {
  const text = spoken.trim();
  const numeral = readNumeral(text, language);
  if (numeral) return numeral;
  if (JSON_NUMBER.test(text)) return { value: Number(text) };
  const words = splitCompounds(wordsOf(text), language);
  const isNegative = language.negative.has(words[0] ?? '') || /^[-−]\s?\d/.test(text);
  const positive = readPositive(language.negative.has(words[0] ?? '') ? words.slice(1) : words, language);
  return positive && 'value' in positive && isNegative ? { value: -Number(positive.value) } : positive;
}

export function readInteger(spoken: string, hearing: Hearing): Reading | undefined {
  const read = readNumber(spoken, hearing);
  return read && 'value' in read && !Number.isInteger(read.value) ? undefined : read;
}

function readPositive(words: string[], language: Vocabulary): Reading | undefined {
  const digits = readDigitByDigit(words, language);
  if (digits) return digits;
  const whole = readNumberAt(words, 0, language);
  if (!whole) return undefined;
  if (whole.next === words.length) return { value: whole.value };
  if (language.decimalPoint.has(words[whole.next] ?? '')) return readDecimals(whole.value, words.slice(whole.next + 1), language);
  const half = phraseAt(language.andAHalf, words, whole.next);
  if (half && whole.next + half.words.length === words.length) return { value: whole.value + 0.5 };
  return readNumberAt(words, whole.next, language) ? IN_PIECES : undefined;
}

function readDigitByDigit(words: string[], language: Vocabulary): Reading | undefined {
  const digits = words.map((word) => digitOf(word, language));
  if (digits.length < FEWEST_DIGITS_READ_OUT || digits.length > 15 || digits.includes(undefined)) return undefined;
  return digits[0] === 0 ? IN_PIECES : { value: Number(digits.join('')) };
}

function readDecimals(whole: number, words: string[], language: Vocabulary): Reading | undefined {
  const digits = words.map((word) => digitOf(word, language));
  if (digits.length > 0 && !digits.includes(undefined)) return { value: Number(`${whole}.${digits.join('')}`) };
  const read = readNumberAt(words, 0, language);
  return read?.next === words.length && read.value >= 10 ? { value: Number(`${whole}.${read.value}`) } : undefined;
}

function digitOf(word: string, { numbers, zeroInDigits }: Vocabulary): number | undefined {
  if (/^\d$/.test(word)) return Number(word);
  if (zeroInDigits.has(word)) return 0;
  const value = numbers.get(word);
  return value !== undefined && value < 10 ? value : undefined;
}

/** `1.250,5`, `1.250.000`, `12,5`. */
const WITH_DECIMAL_COMMA = [/^\d{1,3}(?:\.\d{3})+,\d{1,10}$/, /^\d{1,3}(?:\.\d{3}){2,}$/, /^\d{1,15},(?:\d{1,2}|\d{4,10})$/];

/** Numerals with separators, where the language leaves no doubt which separator is which. */
function readNumeral(text: string, { decimalComma }: Vocabulary): Reading | undefined {
  const unsigned = text.replace(/^[-−]/, '');
  const sign = unsigned === text ? 1 : -1;
  if (/^\d{1,3}(?:,\d{3})+(?:\.\d{1,10})?$/.test(unsigned) && (!decimalComma || /,.*[,.]/.test(unsigned))) {
    return { value: sign * Number(unsigned.replaceAll(',', '')) };
  }
  if (!decimalComma) return undefined;
  if (WITH_DECIMAL_COMMA.some((form) => form.test(unsigned))) {
    return { value: sign * Number(unsigned.replaceAll('.', '').replace(',', '.')) };
  }
  return /^\d{1,3}[.,]\d{3}$/.test(unsigned)
    ? { problem: 'is ambiguous: the separator may stand for thousands or for decimals; give the number without one' }
    : undefined;
}
