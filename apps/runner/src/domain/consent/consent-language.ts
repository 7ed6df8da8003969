/** Phrases between commas, in lower case, contractions written out as `spellings` writes them. */
export type Phrases = string;

/** How people of one language agree, refuse, change their mind, stall and ask. */
export interface ConsentLanguage {
  /** Written form → the words it stands for. */
  spellings: Record<string, string>;
  phrases: Record<PhraseKind, Phrases>;
  /** Verb with object is an order to go ahead: `book` with `it`. `please` has the words that are one by themselves. */
  orders: { verbs: Phrases; objects: Phrases; please: Phrases };
  /** Words that make a noun the one spoken of, and words that bring a new one. */
  articles: { definite: Phrases; indefinite: Phrases };
  /** A noun behind one of these is a value, even with a definite article: "to my wife". */
  prepositions: Phrases;
  /** Verbs of impression: what stands alone behind them is an opinion. */
  senses: Phrases;
  /**
   * Verb with subject opens a question: `do` with `they`; an opener does with any subject, because nothing else begins with it. A question
   * word does behind a preposition as well: `until when`. A strong one does behind whatever was said after a yes.
   */
  questions: { verbs: Phrases; subjects: Phrases; openers: Phrases; words: Phrases; strong: Phrases };
  /** Words before a noun that make it the one spoken of. */
  demonstratives: Phrases;
  /** How thanks begin; what they are for says nothing. */
  thanks: Phrases;
  /** Verbs that end what exists: where one was read, "I don't need it anymore" is a reason and no refusal. */
  endings: Phrases;
  /** Verbs that change what exists, and what callers say of such a change: where one was read, they repeat it. */
  movings: { verbs: Phrases; phrases: Phrases };
  /** Verbs whose object one is fond of: "I love that band". */
  fondness: Phrases;
  /** Verbs for the opposite of ending. */
  keeps: Phrases;
  /** Agrees where the read-back asked for a yes and nothing else is said: `okay`. `askedWith` has the stems of words that ask for one. */
  assents: { words: Phrases; askedWith: Phrases };
  /** Behind a value that was read it agrees: "Monday it is". */
  settles: Phrases;
  /** Is no wish for time when a yes follows at once: "let me see, yes". */
  thinking: Phrases;
  /** Words before a number that was read: "just one". */
  limits: Phrases;
  /** What stands before such a verb where ending is only allowed: "you can cancel". */
  allowances: Phrases;
  /** Subject with verb tells what happened, and is a reason: `i` with `lost`. */
  happenings: { subjects: Phrases; verbs: Phrases };
  /** Adjective with what it is compared to is praise: `cheaper` with `than i thought`. */
  comparisons: { adjectives: Phrases; tails: Phrases };
  /** Begins what the caller intends: of what was read, it says nothing new. */
  intents: Phrases;
  /** Words that close an order: "schicken Sie das Geld ab". */
  particles: Phrases;
  /** Names that are other words as well, unless a preposition stands before them: "to Will". */
  names: Phrases;
  /**
   * What a question asks that has a value in it. `origins` before a number and `ago` behind it make it a year; `measures` are what nobody
   * orders; something may be asked for what it is `having`; `prices` of `one` are no order for one.
   */
  askedValues: { origins: Phrases; ago: Phrases; measures: Phrases; having: Phrases; prices: Phrases; one: Phrases };
  /** Words between a negation and what is not wanted: "I don't need any extra". */
  wants: { verbs: Phrases; determiners: Phrases };
  /** Words that begin a condition, even where one of them is the yes without its accent. */
  conditions: Phrases;
  /** Whether the word for no also negates what follows it without a pause: "no es correcto". */
  noNegates: boolean;
  values: ValueWords;
}

export interface ValueWords {
  numbers: Record<string, number>;
  ordinals: Record<string, number>;
  /** From Sunday and from January; spellings of one are separated by blanks. */
  weekdays: Phrases;
  months: Phrases;
  /** Words for a part of the day, behind a time or alone: `am`, `pm`, or with its hours `pm 12 18`. */
  halves: Record<string, string>;
  /** What numbers count; words of one class are separated by blanks. */
  units: Phrases;
  /** Phrases behind a number that make it a count of people, which are the first of `units`: the four `of us`. */
  peopleAfter: Phrases;
  /** Words before a number that make it a count, not an hour. */
  countBefore: Phrases;
  /** Values that need a calendar or a context: `tomorrow`, `both`. */
  relative: Phrases;
  /** Words before a number that make it a time or a day of the month. */
  timeBefore: Phrases;
  dayBefore: Phrases;
  /** Words between a day and its month: the fifth `of` May. */
  beforeMonths: Phrases;
  /** Words after a number that make it a time. */
  timeAfter: Phrases;
  /** Minutes that a phrase before or after the hour adds to it. */
  minutesBefore: Record<string, number>;
  minutesAfter: Record<string, number>;
  /** Values that a reason may have: `yesterday`. */
  past: Phrases;
  /** Makes an amount the sum of several: `altogether`. */
  totals: Phrases;
  /** Makes an amount one of several: `each`. */
  distributive: Phrases;
  /** Values that another one says as well: `tonight` is `today`. */
  sameAs: Record<string, string>;
  /** Words for two that were named. */
  twos: Phrases;
  /** Numbers that stand for a noun behind a pointer: "that one". */
  pronouns: Phrases;
  pointers: Phrases;
  /** Whether an hour below twelve that was read is one before noon. */
  is24h: boolean;
  /** Articles that are the number one as well. */
  ones: Phrases;
  /** Zero in a number that is spelled: "four oh seven". */
  zeros: Phrases;
  /** What joins the parts of one number: "a hundred and forty". */
  joins: Phrases;
  /** Groups whose members exclude each other; words of one member are separated by blanks. */
  choices: Phrases[];
  /** Phrases that mean one person. */
  alone: Phrases;
  /** Prepositions that tell one place from the other. */
  directions: Phrases;
}

export const PHRASE_KINDS = [
  /** Agreement by itself. */
  'yes',
  /** Says that what was read is so; after "no" it still does. */
  'exact',
  /** An order to go ahead; after "no" it still is one. */
  'proceeds',
  /** Praise: agreement when nothing speaks against it. */
  'approves',
  'no',
  /** Turns what it stands beside around. */
  'not',
  /** With a negation, says that something is over. */
  'over',
  /** Calls it off. */
  'stops',
  /** Asks for something else. */
  'changes',
  /** May introduce something else. */
  'turns',
  /** Takes back a part of what was said before, unless a question follows. */
  'contrasts',
  'holds',
  'hedges',
  /** Weakens praise, not a yes. */
  'doubts',
  /** Did not hear or follow. */
  'repairs',
  /** Shows that somebody listens. */
  'backchannel',
  /** Means nothing for the decision. */
  'courtesy',
  /** Joins clauses; a question may begin behind it. */
  'joins',
  /** Ends a clause often enough that a question may begin behind it. */
  'closes',
  /** Begins a reason; what it says has no part in what was read. */
  'reasons',
  /** Begins the next wish, which waits until this one is done. */
  'afterwards',
  /** Begins a question or a wish to know; what follows up to the end of the sentence is about that. */
  'asks',
  /** Begins a wish, which is one to know only with `learns` behind it. */
  'requests',
  'learns',
  /** Who is told: `me`. A question may begin behind it. */
  'receives',
  /** Articles and what stands in their place. */
  'points',
  /** What callers want to know. */
  'information',
  /** The same, when it stands in a wish; elsewhere it says nothing. */
  'facts',
  /** What can be offered: with a definite article it is what was read. */
  'things',
  /** Says nothing new. */
  'neutral',
] as const;
export type PhraseKind = (typeof PHRASE_KINDS)[number];
