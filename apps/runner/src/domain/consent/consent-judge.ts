export type ConsentLanguageCode = 'en' | 'es' | 'de';

/** What the caller was asked, and what the caller answered. */
export interface ConsentQuestion {
  /** One turn of the caller, as it was transcribed. */
  words: string;
  language: ConsentLanguageCode;
  /** The sentence that was read to the caller; without it no value in the answer can be told from a new one. */
  readBack?: string;
  /** What the yes would be for. */
  arguments?: Record<string, unknown>;
  /** It was done already, and would be done once more: an "okay" to that may only have heard it. */
  isSecondOrder?: boolean;
}

export interface ConsentJudgement {
  verdict: 'affirm' | 'negate' | 'changed' | 'unclear';
  /** The caller's words that decided. */
  seen: string[];
  reason: string;
  /** The caller asked for time, doubted or did not follow: an earlier yes no longer holds. */
  wavers: boolean;
}

/**
 * Another way to judge an answer, a model for example. It is asked about `unclear` answers alone, because what the words themselves
 * say is decided without it.
 */
export interface ConsentJudge {
  judge(question: ConsentQuestion): Promise<ConsentJudgement>;
}
