import type { Format } from 'ajv';
import { fullFormats } from 'ajv-formats/dist/formats.js';
import { readDate } from './spoken/read-date.ts';
import { readDateTime } from './spoken/read-date-time.ts';
import { readDigits } from './spoken/read-digits.ts';
import { isEmail, readEmail } from './spoken/read-email.ts';
import { isMoney, readMoney } from './spoken/read-money.ts';
import { isPhone, readPhone } from './spoken/read-phone.ts';
import { readTime } from './spoken/read-time.ts';
import type { Read } from './spoken/reading.ts';

/** Some patterns of ajv-formats take quadratic time; 2,048 characters hold every URL that browsers and proxies agree on. */
const MAX_FORMATTED_LETTERS = 2_048;
/** Hours and minutes as people agree on them, or RFC 3339 full-time. */
const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)?)?$/;

export interface SpokenFormat {
  /** True for a value as the provider wants it: it is never touched. */
  accepts: (text: string) => boolean;
  read: Read;
}

/**
 * Formats whose spoken forms are understood: `phone` and `e164` (`+15551234567`), `email`, `date` (`2027-03-04`), `time` (`17:30`),
 * `date-time` (RFC 3339 with offset), `money` (`12.50 USD`: decimal, space, ISO 4217 code), `digits` (`0042`).
 */
export const SPOKEN_FORMATS: Record<string, SpokenFormat> = {
  phone: { accepts: isPhone, read: readPhone },
  e164: { accepts: isPhone, read: readPhone },
  email: { accepts: isEmail, read: readEmail },
  date: { accepts: accepting(fullFormats.date), read: readDate },
  time: { accepts: (text) => TIME.test(text), read: readTime },
  'date-time': { accepts: accepting(fullFormats['date-time']), read: readDateTime },
  money: { accepts: isMoney, read: readMoney },
  digits: { accepts: (text) => /^\d+$/.test(text), read: readDigits },
};

/** Every format a schema may name, for ajv; one it does not name is not checked. */
export function knownFormats(): Record<string, Format> {
  const others = Object.entries(fullFormats).map(([name, format]) => [name, isOfNumbers(format) ? format : accepting(format)] as const);
  const spoken = Object.entries(SPOKEN_FORMATS).map(([name, { accepts }]) => [name, accepts] as const);
  return Object.fromEntries([...others, ...spoken]);
}

function isOfNumbers(format: Format): boolean {
  return typeof format === 'object' && !(format instanceof RegExp) && 'type' in format && format.type === 'number';
}

function accepting(format: Format): (text: string) => boolean {
  const validate = typeof format === 'object' && !(format instanceof RegExp) ? format.validate : format;
  if (validate === true || validate === undefined) return () => true;
  const test = validate instanceof RegExp ? (text: string) => validate.test(text) : (validate as (text: string) => boolean);
  return (text) => text.length <= MAX_FORMATTED_LETTERS && test(text);
}
