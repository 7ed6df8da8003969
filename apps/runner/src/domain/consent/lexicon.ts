import { PHRASE_KINDS } from './consent-language.ts';
import type { ConsentLanguage, PhraseKind, Phrases } from './consent-language.ts';
import type { ConsentLanguageCode } from './consent-judge.ts';
import { english } from './languages/en.ts';
import { german } from './languages/de.ts';
import { spanish } from './languages/es.ts';
import { isMisspelling } from './misspelling.ts';
import { split } from './split-phrases.ts';
import { readValues } from './value-lexicon.ts';
import type { ValueLexicon } from './value-lexicon.ts';
import { withoutAccents } from './without-accents.ts';

export interface Lexicon {
  spellings: Map<string, string[]>;
  /** Words in the longest phrase that begins with a word; 0 for none. */
  longestFrom(word: string): number;
  values: ValueLexicon;
  /** Words that open a question when the transcript has a question mark. */
  auxiliaries: Set<string>;
  subjects: Set<string>;
  openers: Set<string>;
  questionWords: Set<string>;
  strongQuestions: Set<string>;
  intents: Set<string>;
  orderVerbs: Set<string>;
  definite: Set<string>;
  indefinite: Set<string>;
  prepositions: Set<string>;
  senses: Set<string>;
  demonstratives: Set<string>;
  thanks: Set<string>;
  conditions: Set<string>;
  endings: { has(word: string): boolean };
  movingVerbs: { has(word: string): boolean };
  movings: { has(phrase: string): boolean };
  fondness: Set<string>;
  keeps: Set<string>;
  thinking: Set<string>;
  assents: { words: Set<string>; askedWith: string[] };
  settles: Set<string>;
  limits: Set<string>;
  allowances: Set<string>;
  particles: Set<string>;
  names: Set<string>;
  wants: { verbs: Set<string>; determiners: Set<string> };
  askedValues: { origins: string[]; ago: string[]; measures: Set<string>; having: string[]; prices: string[]; one: Set<string> };
  noNegates: boolean;
  kindOf(phrase: string): PhraseKind | null;
  /** A typing error away from a word of agreement. */
  mayMeanAgreement(word: string): boolean;
}

/** Read once, when the process starts: judging an answer is lookups alone. */
export const LEXICONS: Record<ConsentLanguageCode, Lexicon> = {
  en: readLanguage(english),
  es: readLanguage(spanish),
  de: readLanguage(german),
};

export function readLanguage(language: ConsentLanguage): Lexicon {
  const { spellings, phrases, orders, questions, values } = language;
  const exact = new Map<string, PhraseKind>();
  // What was said for itself in the data outweighs what is only put together.
  for (const phrase of pairs(orders.verbs, orders.objects)) exact.set(phrase, 'proceeds');
  for (const phrase of split(orders.objects)) if (phrase.includes(' ')) exact.set(phrase, 'neutral');
  for (const phrase of [...split(orders.please), ...pairs(orders.please, orders.objects)]) exact.set(phrase, 'proceeds');
  for (const [kind, phrase] of putTogether(language)) exact.set(phrase, kind);
  for (const phrase of pairs(questions.verbs, questions.subjects)) if (!exact.has(phrase)) exact.set(phrase, 'asks');
  // The kinds are in the order of their weight from behind: a phrase that stands in two counts as the first.
  for (const kind of [...PHRASE_KINDS].reverse()) for (const phrase of split(phrases[kind])) exact.set(phrase, kind);
  const folded = new Map<string, PhraseKind>();
  for (const [phrase, kind] of exact) if (!folded.has(withoutAccents(phrase))) folded.set(withoutAccents(phrase), kind);
  const conditions = new Set(split(language.conditions));
  const longest = longestPhrases([...exact.keys(), ...folded.keys()]);
  const agreement = [...Object.keys(spellings), ...(['yes', 'exact', 'approves'] as const).flatMap((kind) => split(phrases[kind]))].filter((phrase) => !phrase.includes(' '));
  return {
    spellings: new Map(Object.entries(spellings).map(([written, meant]) => [written, meant.split(' ')])),
    longestFrom: (word) => Math.max(longest.get(word) ?? 0, longest.get(withoutAccents(word)) ?? 0),
    values: readValues(values),
    auxiliaries: new Set(split(questions.verbs)),
    subjects: new Set(split(questions.subjects)),
    strongQuestions: new Set(split(questions.strong)),
    intents: new Set(split(language.intents)),
    questionWords: new Set(split(questions.words)),
    openers: new Set(split(questions.openers)),
    orderVerbs: new Set(split(orders.verbs)),
    definite: new Set(split(language.articles.definite)),
    indefinite: new Set(split(language.articles.indefinite)),
    prepositions: new Set(split(language.prepositions)),
    senses: new Set(split(language.senses)),
    thanks: new Set(split(language.thanks)),
    conditions,
    endings: foldedSet(language.endings),
    assents: { words: new Set(split(language.assents.words)), askedWith: split(language.assents.askedWith) },
    settles: new Set(split(language.settles)),
    thinking: new Set(split(language.thinking)),
    movingVerbs: foldedSet(language.movings.verbs),
    movings: foldedSet(`${language.movings.verbs}, ${language.movings.phrases}`),
    fondness: new Set(split(language.fondness)),
    keeps: new Set(split(language.keeps)),
    limits: new Set(split(language.limits)),
    allowances: new Set(split(language.allowances)),
    particles: new Set(split(language.particles)),
    names: new Set(split(language.names)),
    wants: { verbs: new Set(split(language.wants.verbs)), determiners: new Set(split(language.wants.determiners)) },
    askedValues: readAskedValues(language.askedValues),
    noNegates: language.noNegates,
    demonstratives: new Set(split(language.demonstratives)),
    mayMeanAgreement: (word) => agreement.some((meant) => isMisspelling(word, meant)),
    kindOf: (phrase) => exact.get(phrase) ?? (beginsAccented(phrase, conditions) ? null : folded.get(withoutAccents(phrase))) ?? null,
  };
}

function readAskedValues({ origins, ago, measures, having, prices, one }: ConsentLanguage['askedValues']): Lexicon['askedValues'] {
  return { origins: split(origins), ago: split(ago), measures: new Set(split(measures)), having: split(having), prices: split(prices), one: new Set(split(one)) };
}

/** With its accent it is the yes and no condition: "sí me viene bien". */
function beginsAccented(phrase: string, conditions: Set<string>): boolean {
  const first = phrase.split(' ', 1)[0] ?? '';
  return phrase.length > first.length && !conditions.has(first) && conditions.has(withoutAccents(first));
}

function putTogether({ prepositions, questions, happenings, comparisons }: ConsentLanguage): Array<[PhraseKind, string]> {
  return [
    ...pairs(prepositions, questions.words).map((phrase): [PhraseKind, string] => ['asks', phrase]),
    ...pairs(happenings.subjects, happenings.verbs).map((phrase): [PhraseKind, string] => ['reasons', phrase]),
    ...pairs(comparisons.adjectives, comparisons.tails).map((phrase): [PhraseKind, string] => ['approves', phrase]),
  ];
}

function longestPhrases(phrases: string[]): Map<string, number> {
  const longest = new Map<string, number>();
  for (const phrase of phrases) {
    const words = phrase.split(' ');
    const [first = ''] = words;
    longest.set(first, Math.max(longest.get(first) ?? 0, words.length));
  }
  return longest;
}

function foldedSet(phrases: Phrases): { has(word: string): boolean } {
  const folded = new Set(split(phrases).map(withoutAccents));
  // With an accent on its last letter it is another tense: "cambió".
  return { has: (word) => folded.has(withoutAccents(word)) && !/[áéó]$/.test(word) };
}

function pairs(first: Phrases, second: Phrases): string[] {
  return split(first).flatMap((one) => split(second).map((other) => `${one} ${other}`));
}
