import { parsePhoneNumberFromString, type PhoneNumber } from 'libphonenumber-js';

const E164 = /^\+[1-9]\d{6,14}$/;
/** The shortest numbers of plans in which all have one length; elsewhere shorter ones exist, but only of ranges in use. */
const FEWEST_DIGITS_OF_A_PLAN = 9;

/** A complete number in E.164: `+15551234567`. */
export function isPhone(text: string): boolean {
  if (!E164.test(text)) return false;
  const parsed = parsePhoneNumberFromString(text);
  return isComplete(parsed) && parsed.number === text;
}

/**
 * Length and country code are checked, not whether the range is in use: numbering plans change faster than any list of them, and a number
 * refused wrongly cannot be corrected by the caller.
 */
export function isComplete(parsed: PhoneNumber | undefined): parsed is PhoneNumber {
  if (!parsed || !E164.test(parsed.number)) return false;
  return parsed.nationalNumber.length >= FEWEST_DIGITS_OF_A_PLAN ? parsed.isPossible() : parsed.isValid();
}
