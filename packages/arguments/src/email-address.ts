import { fullFormats } from 'ajv-formats/dist/formats.js';

/** RFC 5321: 64 before the at, 255 after it. */
const MAX_EMAIL_LETTERS = 320;
const EMAIL = fullFormats.email as RegExp;

export function isEmail(text: string): boolean {
  return text.length <= MAX_EMAIL_LETTERS && EMAIL.test(text);
}
