import { isComplete } from '@patchbay/arguments/phone-number';
import { isSupportedCountry, parsePhoneNumberFromString, type PhoneNumber } from 'libphonenumber-js';
import { digitReadings } from './read-digits.ts';
import type { Hearing, Reading } from './reading.ts';
import { wordsOf } from './words.ts';

const INCOMPLETE: Reading = { problem: 'is not a complete phone number: ask the caller for it digit by digit' };
const AMBIGUOUS: Reading = { problem: 'is ambiguous: ask the caller for the phone number digit by digit' };
const EXTENSION: Reading = { problem: 'has an extension: ask the caller for a number that can be dialled directly' };

/** "plus one five five five, one two three, four five six seven" or "(555) 123-4567"; becomes E.164, of the region unless it has a country code. */
export function readPhone(spoken: string, hearing: Hearing): Reading | undefined {
  if (!/\p{L}/u.test(spoken)) return fromWritten(spoken, hearing.region);
  if (/\d.*\b(?:ext|extension|x)\b/i.test(spoken)) return EXTENSION;
  const readings = digitReadings(wordsOf(spoken), hearing.words);
  const parsed = readings.map((digits) => parse(digits, hearing.region)).filter(isComplete);
  const inUse = parsed.filter((read) => read.isValid());
  const numbers = new Set((inUse.length > 0 ? inUse : parsed).map(({ number }) => number));
  if (numbers.size > 1) return AMBIGUOUS;
  const [value] = numbers;
  if (value !== undefined) return { value };
  return readings.length > 0 ? INCOMPLETE : { problem: 'is not a phone number: ask the caller for it digit by digit' };
}

function fromWritten(text: string, region: string): Reading {
  const parsed = parse(text, region);
  if (parsed?.ext) return EXTENSION;
  return isComplete(parsed) ? { value: parsed.number } : INCOMPLETE;
}

function parse(text: string, region: string): PhoneNumber | undefined {
  // A country the library does not know is as none: then the number needs its country code.
  return parsePhoneNumberFromString(text, { ...(isSupportedCountry(region) ? { defaultCountry: region } : {}), extract: false });
}
