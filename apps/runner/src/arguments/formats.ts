import { VALUE_FORMATS } from '@patchbay/arguments/value-formats';
import { readDate } from './spoken/read-date.ts';
import { readDateTime } from './spoken/read-date-time.ts';
import { readDigits } from './spoken/read-digits.ts';
import { readEmail } from './spoken/read-email.ts';
import { readMoney } from './spoken/read-money.ts';
import { readPhone } from './spoken/read-phone.ts';
import { readTime } from './spoken/read-time.ts';
import type { Read } from './spoken/reading.ts';

export interface SpokenFormat {
  /** True for a value as the provider wants it: it is never touched. */
  accepts: (text: string) => boolean;
  read: Read;
}

const READERS: Record<keyof typeof VALUE_FORMATS, Read> = {
  phone: readPhone,
  e164: readPhone,
  email: readEmail,
  date: readDate,
  time: readTime,
  'date-time': readDateTime,
  money: readMoney,
  digits: readDigits,
};

/** Formats whose spoken forms are understood. */
export const SPOKEN_FORMATS: Record<string, SpokenFormat> = Object.fromEntries(
  Object.entries(VALUE_FORMATS).map(([name, accepts]) => [name, { accepts, read: READERS[name as keyof typeof VALUE_FORMATS] }]),
);
