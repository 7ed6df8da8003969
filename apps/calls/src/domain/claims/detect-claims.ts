import { CLAIM_EFFECTS, type ClaimEffect, type ClaimFrame, type ClaimLanguage, type WordsOfEffects } from './claim-language.ts';
import { english } from './english.ts';
import { german } from './german.ts';
import { spanish } from './spanish.ts';

export interface Claim {
  /** As the agent said it. */
  words: string;
  effect: ClaimEffect;
  isWeak: boolean;
}

interface CompiledFrame extends ClaimFrame {
  expression: RegExp;
}
interface CompiledLanguage {
  frames: CompiledFrame[];
  questions: RegExp;
  negations: RegExp;
  conditions: RegExp;
  drafts: RegExp;
  unreal: RegExp;
  hearsay: RegExp;
  elsewhere: RegExp;
  harmless: RegExp;
}

/** The lower-case letters of the three languages: `\p{L}` takes far longer to compile, and the first turn waits for it. */
const START = '(?<![a-zß-öø-ÿ0-9])';
const END = '(?![a-zß-öø-ÿ0-9])';
const MARKDOWN = /[*_`]/g;
/** Nobody speaks longer without a breath; bounds the time for text that is not speech. */
const SENTENCE_MAX_CHARACTERS = 600;
/** Nobody says more in one turn, about five minutes of speech; what is behind it is not looked at, and the time for a turn has a bound. */
const SPOKEN_MAX_CHARACTERS = 4_000;
/** Agents switch languages inside a call, and these do not claim in each other's words. */
const LANGUAGES = [english, spanish, german].map(compile);

/**
 * What an agent's words claim to be done, in the first 4,000 characters. Asked, offered, denied, promised and reported things are no claims:
 * rather none than a wrong one.
 */
export function detectClaims(turn: string): Claim[] {
  const text = turn.slice(0, SPOKEN_MAX_CHARACTERS);
  const plain = plainOf(text);
  const claims = sentencesOf(plain).flatMap(({ start, end }) =>
    LANGUAGES.flatMap((language) => claimsOfSentence(language, { sentence: plain.slice(start, end), rest: plain.slice(end), offset: start })),
  );
  return claims.map(({ start, end, effect, isWeak }) => ({ words: text.slice(start, end).replaceAll(MARKDOWN, '').trim(), effect, isWeak }));
}

/** As many characters as before, so that a claim can be cut out of the text. */
function plainOf(text: string): string {
  const plain = text.replaceAll(/[’‘]/g, "'").replaceAll(MARKDOWN, ' ');
  const lower = plain.toLowerCase();
  return lower.length === plain.length ? lower : plain;
}

interface Span {
  start: number;
  end: number;
}

function sentencesOf(text: string): Span[] {
  return spansBetween(text, /(?<=[.!?…])\s+|\s*[\n;]+\s*/g).filter(({ start, end }) => end - start <= SENTENCE_MAX_CHARACTERS);
}

const CLAUSE_BORDERS = /[,:]\s+|\s+[-–—]+\s+|\s+(?:but|so|pero|aber)\s+|\s+(?:and|y|und)\s+(?=(?:i|i've|we|your|the|a|an|it|they|you|su|se|le|he|ich|ihre?|wir)\s)/gu;

function spansBetween(text: string, borders: RegExp): Span[] {
  const spans: Span[] = [];
  let start = 0;
  for (const { index, 0: border } of text.matchAll(borders)) {
    if (index > start) spans.push({ start, end: index });
    start = index + border.length;
  }
  if (start < text.length) spans.push({ start, end: text.length });
  return spans;
}

interface Utterance {
  sentence: string;
  /** What the agent said after it. */
  rest: string;
  /** Of the sentence in the text. */
  offset: number;
}

function claimsOfSentence(language: CompiledLanguage, utterance: Utterance): Array<Span & Omit<Claim, 'words'>> {
  const claims = statedClauses(language, utterance.sentence).flatMap((clause) => {
    const found = claimOfClause(language, utterance, clause);
    return found ? [{ start: utterance.offset + clause.start, end: utterance.offset + clause.end, ...found }] : [];
  });
  return claims.filter((claim, place) => claims.findIndex(({ effect }) => effect === claim.effect) === place);
}

/** The clauses before the question that a sentence ends in: `it is booked, anything else?` */
function statedClauses(language: CompiledLanguage, sentence: string): Span[] {
  const clauses = spansBetween(sentence, CLAUSE_BORDERS);
  if (!/[?]\s*$/.test(sentence)) return clauses;
  const question = clauses.findIndex(({ start, end }) => language.questions.test(sentence.slice(start, end)));
  return question > 0 ? clauses.slice(0, question) : [];
}

function claimOfClause(language: CompiledLanguage, utterance: Utterance, { start, end }: Span): Omit<Claim, 'words'> | null {
  const clause = utterance.sentence.slice(start, end);
  for (const frame of language.frames) {
    const match = frame.expression.exec(clause);
    if (!match) continue;
    const at = { clause, start: match.index, end: match.index + match[0].length, sentenceStart: utterance.sentence.slice(0, start + match.index) };
    if (!isTakenBack(language, frame, utterance, at)) return { effect: frame.effect ?? effectOf(match), isWeak: frame.isWeak ?? false };
  }
  return null;
}

interface Place {
  clause: string;
  /** Of the match inside the clause. */
  start: number;
  end: number;
  /** The sentence up to the match. */
  sentenceStart: string;
}

function isTakenBack(language: CompiledLanguage, { kind }: ClaimFrame, { sentence, rest }: Utterance, { clause, start, end, sentenceStart }: Place): boolean {
  if (language.negations.test(clause.slice(0, end)) || language.unreal.test(clause.slice(0, start))) return true;
  if (language.conditions.test(sentenceStart) || language.hearsay.test(sentenceStart)) return true;
  if (language.harmless.test(clause.slice(end))) return true;
  if (kind !== 'passive' && language.drafts.test(rest)) return true;
  if (kind !== 'act' && language.elsewhere.test(clause)) return true;
  return kind === 'state' && language.conditions.test(sentence);
}

function effectOf({ groups }: RegExpExecArray): ClaimEffect {
  return CLAIM_EFFECTS.find((effect) => groups?.[effect] !== undefined) ?? 'done';
}

function compile(language: ClaimLanguage): CompiledLanguage {
  const anywhere = (words: string) => new RegExp(`${START}(?:${words})${END}`);
  const frames = language.frames.map((frame) => ({ ...frame, expression: compileFrame(language, frame) }));
  return {
    frames,
    questions: new RegExp(`^\\s*(?:${language.questions})${END}`),
    negations: anywhere(language.negations),
    conditions: anywhere(language.conditions),
    drafts: new RegExp(`${START}(?:${language.drafts})`),
    unreal: new RegExp(`(?<=\\S\\s+|')${START}(?:${language.unreal})\\s+$`),
    hearsay: anywhere(language.hearsay),
    elsewhere: anywhere(language.elsewhere),
    harmless: new RegExp(`^\\s*(?:${language.harmless})`),
  };
}

function compileFrame(language: ClaimLanguage, { pattern }: ClaimFrame): RegExp {
  return new RegExp(`${START}(?:${expand(language, pattern)})${END}`);
}

function expand({ done, things, phrases }: ClaimLanguage, pattern: string): string {
  return pattern.replaceAll(/\{([a-z]+)\}/g, (_whole, name: string) => {
    if (name === 'done') return grouped(done);
    if (name === 'thing') return grouped(things);
    const phrase = phrases[name];
    if (phrase === undefined) throw new Error(`There is no phrase {${name}}.`);
    return phrase;
  });
}

function grouped(words: WordsOfEffects): string {
  return `(?:${Object.entries(words).map(([effect, alternatives]) => `(?<${effect}>${alternatives})`).join('|')})`;
}
