import type { Format } from 'ajv';
import { fullFormats } from 'ajv-formats/dist/formats.js';
import { isEmail } from './email-address.ts';
import { isMoney } from './money.ts';
import { isPhone } from './phone-number.ts';

/** Some patterns of ajv-formats take quadratic time; 2,048 characters hold every URL that browsers and proxies agree on. */
const MAX_FORMATTED_LETTERS = 2_048;
/** Hours and minutes as people agree on them, or RFC 3339 full-time. */
const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)?)?$/;

/**
 * Formats of what people say, as providers want them: `phone` and `e164` (`+15551234567`), `email`, `date` (`2027-03-04`), `time` (`17:30`),
 * `date-time` (RFC 3339 with offset), `money` (`12.50 USD`: decimal, space, ISO 4217 code), `digits` (`0042`).
 */
export const VALUE_FORMATS = {
  phone: isPhone,
  e164: isPhone,
  email: isEmail,
  date: accepting(fullFormats.date),
  time: (text: string) => TIME.test(text),
  'date-time': accepting(fullFormats['date-time']),
  money: isMoney,
  digits: (text: string) => /^\d+$/.test(text),
};

/** Every format a schema may name, for ajv; one it does not name is not checked. */
export function knownFormats(): Record<string, Format> {
  const others = Object.entries(fullFormats).map(([name, format]) => [name, isOfNumbers(format) ? format : accepting(format)] as const);
  return { ...Object.fromEntries(others), ...VALUE_FORMATS };
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
