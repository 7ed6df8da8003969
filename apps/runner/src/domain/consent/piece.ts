import type { PhraseKind } from './consent-language.ts';

/** A piece of the answer and what it means. */
export interface Piece {
  kind: PhraseKind | 'repeated' | 'newValue' | 'unknown' | 'asked' | 'pause';
  text: string;
  /** Where a repeated day or time stands among those that were read. */
  value?: { kind: string; place: number };
  /** Its sentence ends with a question mark. */
  inQuestion: boolean;
}
