import { decimalsOf, isCurrency } from '@patchbay/arguments/money';
import { phraseAt } from './phrase.ts';
import { readBelowHundred, splitCompounds } from './number-words.ts';
import { readNumber } from './read-number.ts';
import type { Hearing, Reading } from './reading.ts';
import type { CurrencyMeaning } from './language.ts';
import type { Vocabulary } from './vocabulary.ts';
import { wordsOf } from './words.ts';

/** "twelve fifty dollars", "twelve dollars and fifty cents", "$12.50"; becomes `12.50 USD`. */
export function readMoney(spoken: string, hearing: Hearing): Reading | undefined {
  const words = splitCompounds(wordsOf(spoken), hearing.words);
  const currency = currencyIn(words, hearing);
  if (!currency) {
    const amount = readAmount(words, [], hearing);
    return amount && { problem: 'has no currency: ask the caller which one, and give it like "12.50 USD"' };
  }
  if (!currency.code) return { problem: `is ambiguous: ask the caller of which country the ${currency.said} are, and give it like "12.50 USD"` };
  const amount = readAmount(words.slice(0, currency.from), words.slice(currency.next), hearing);
  return amount && ('value' in amount ? inFull(Number(amount.value), currency.code) : amount);
}

/** Whether the word is part of the name of a currency, or its code. */
export function isCurrencyWord(word: string, { currencies }: Vocabulary): boolean {
  return isCurrency(word.toUpperCase()) || currencies.some(({ words }) => words.includes(word));
}

interface CurrencyRead {
  code: string | undefined;
  said: string;
  from: number;
  next: number;
}

function currencyIn(words: string[], { words: language, region }: Hearing): CurrencyRead | undefined {
  for (let from = 0; from < words.length; from++) {
    const found = phraseAt(language.currencies, words, from);
    if (found) return { code: codeOf(found.means, region), said: found.words.join(' '), from, next: from + found.words.length };
    const code = words[from]!.toUpperCase();
    if (isCurrency(code)) return { code, said: code, from, next: from + 1 };
  }
  return undefined;
}

function codeOf(means: CurrencyMeaning, region: string): string | undefined {
  return typeof means === 'string' ? means : means[region];
}

function readAmount(before: string[], after: string[], hearing: Hearing): Reading | undefined {
  const language = hearing.words;
  if (before.length === 0) return amountIn(after, hearing);
  const whole = amountIn(before, hearing);
  if (!whole || 'problem' in whole || after.length === 0) return whole;
  const minor = minorIn(after, language);
  return minor === undefined || !Number.isInteger(whole.value) ? undefined : { value: Number(whole.value) + minor / 100 };
}

/** "and fifty cents", "fifty", "mit fünfzig": hundredths after the currency. */
function minorIn(words: string[], language: Vocabulary): number | undefined {
  const joined = language.minorJoiners.has(words[0] ?? '') ? words.slice(1) : words;
  const read = readBelowHundred(joined, 0, language);
  const rest = read ? joined.slice(read.next) : [];
  const isCovered = rest.length === 0 || (rest.length === 1 && language.minorUnits.has(rest[0]!));
  return read && isCovered && (rest.length > 0 || read.value >= 10) ? read.value : undefined;
}

function amountIn(words: string[], hearing: Hearing): Reading | undefined {
  return readPair(words, hearing.words) ?? readNumber(words.join(' '), hearing);
}

/** "twelve fifty" is said of 12.50; "two fifty" of 2.50 and of 250. */
function readPair(words: string[], language: Vocabulary): Reading | undefined {
  const whole = readBelowHundred(words, 0, language);
  const hundredths = whole && readBelowHundred(words, whole.next, language);
  if (!hundredths || hundredths.next !== words.length || hundredths.value < 10) return undefined;
  const amount = `${whole.value}.${hundredths.value}`;
  if (whole.value >= 10) return { value: Number(amount) };
  return { problem: `is ambiguous: ask the caller whether ${amount} or ${whole.value}${hundredths.value} is meant` };
}

function inFull(amount: number, currency: string): Reading {
  const decimals = decimalsOf(currency);
  const value = amount.toFixed(decimals);
  const isExact = Number(value) === amount;
  if (amount < 0) return { problem: 'is below zero: ask the caller for the amount again' };
  return isExact ? { value: `${value} ${currency}` } : { problem: `has more decimals than ${currency} has: ask the caller for the amount again` };
}
