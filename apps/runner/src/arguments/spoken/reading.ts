import type { Vocabulary } from './vocabulary.ts';

/** Everything that decides what spoken words mean. */
export interface Hearing {
  words: Vocabulary;
  /** ISO 3166-1 alpha-2. */
  region: string;
  /** IANA name. */
  timeZone: string;
  now: Date;
}

/** The value that was meant, or why it cannot be told and what to ask. */
export type Reading = { value: string | number | boolean } | { problem: string };

/** Nothing when the words are not of this kind: then the schema says what is wrong. */
export type Read = (spoken: string, hearing: Hearing) => Reading | undefined;
