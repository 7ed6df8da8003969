/** What an agent may claim to have done. `done` is said of something that only the context names. */
export const CLAIM_EFFECTS = [
  'booked',
  'cancelled',
  'sent',
  'refunded',
  'paid',
  'updated',
  'transferred',
  'ordered',
  'saved',
  'done',
] as const;
export type ClaimEffect = (typeof CLAIM_EFFECTS)[number];

/** Alternatives of a regular expression, by effect. */
export type WordsOfEffects = Partial<Record<ClaimEffect, string>>;

/**
 * A way to say that something is done. `act`: the agent says that it did it. `passive`: it was done. `state`: it is so now, which is
 * often said of what a provider told. In a pattern `{done}` stands for a word of `done`, `{thing}` for one of `things`, and any other
 * `{name}` for a phrase.
 */
export interface ClaimFrame {
  kind: 'act' | 'passive' | 'state';
  pattern: string;
  /** Where the pattern alone says it. */
  effect?: ClaimEffect;
  /** Also said without any claim; counts only beside a write that did not succeed. */
  isWeak?: boolean;
}

/** How completion is claimed in one language, and what takes it back. All are alternatives of regular expressions, matched as whole words. */
export interface ClaimLanguage {
  done: WordsOfEffects;
  /** Nouns that say the effect when the verb does not: `processed your refund`. */
  things: WordsOfEffects;
  phrases: Record<string, string>;
  frames: ClaimFrame[];
  /** First words of a question inside a longer sentence. */
  questions: string;
  negations: string;
  conditions: string;
  /** Directly before a frame: `should have been sent`, `the flight that is booked`. */
  unreal: string;
  /** What follows is told by somebody else, or read. */
  hearsay: string;
  /** A later sentence that asks whether it shall be so: what was told before was a draft. */
  drafts: string;
  /** Told of the past, or of all such things: not of what was just done. Voids `passive` and `state`. */
  elsewhere: string;
  /** Directly after a frame: only talk was changed (`updated the breakdown`), somebody else did it (`cancelled by the airline`). */
  harmless: string;
}
