import type { Vocabulary } from './vocabulary.ts';

export interface NumberRead {
  value: number;
  /** Index of the first word after the number. */
  next: number;
  /** Index after the last hundred or thousand; 0 without one. */
  afterScale: number;
}

const NUMERAL = /^\d{1,15}$/;

/** The longest number below 100 that starts at a word. */
export function readBelowHundred(words: string[], at: number, language: Vocabulary): NumberRead | undefined {
  const word = words[at] ?? '';
  if (NUMERAL.test(word)) return word.length <= 2 ? { value: Number(word), next: at + 1, afterScale: 0 } : undefined;
  const tens = language.tens.get(word);
  if (tens !== undefined) return withUnit(tens, words, at, language);
  const value = language.numbers.get(word);
  if (value === undefined) return undefined;
  const isFirst = language.unitBeforeTens && value < 10 && words[at + 1] === language.tensJoiner;
  const tensAfter = isFirst ? language.tens.get(words[at + 2] ?? '') : undefined;
  return tensAfter === undefined ? { value, next: at + 1, afterScale: 0 } : { value: value + tensAfter, next: at + 3, afterScale: 0 };
}

function withUnit(tens: number, words: string[], at: number, language: Vocabulary): NumberRead {
  const alone = { value: tens, next: at + 1, afterScale: 0 };
  if (language.unitBeforeTens) return alone;
  const joined = language.tensJoiner !== null;
  if (joined && words[at + 1] !== language.tensJoiner) return alone;
  const unit = language.numbers.get(words[joined ? at + 2 : at + 1] ?? '');
  return unit !== undefined && unit > 0 && unit < 10 ? { value: tens + unit, next: at + (joined ? 3 : 2), afterScale: 0 } : alone;
}

/** The longest whole number that starts at a word: numerals, or words up to billions. */
export function readNumberAt(words: string[], at: number, language: Vocabulary): NumberRead | undefined {
  let read: NumberRead | undefined;
  let smallest = Infinity;
  for (;;) {
    const from = read ? skipJoiner(words, read.next, language) : at;
    const part = readBelowThousand(words, from, language);
    const scale = language.scales.get(words[part?.next ?? from] ?? '');
    if (scale === undefined || scale >= smallest || (!part && !(language.bareScales && !read))) return endOf(read, part);
    const next = (part?.next ?? from) + 1;
    read = { value: (read?.value ?? 0) + (part?.value ?? 1) * scale, next, afterScale: next };
    smallest = scale;
  }
}

/** After a thousand another part below it belongs to the number; without one only the first part does. */
function endOf(read: NumberRead | undefined, part: NumberRead | undefined): NumberRead | undefined {
  if (!read || !part) return read ?? part;
  return { value: read.value + part.value, next: part.next, afterScale: part.afterScale || read.afterScale };
}

function readBelowThousand(words: string[], at: number, language: Vocabulary): NumberRead | undefined {
  const hundreds = readHundreds(words, at, language);
  if (!hundreds && NUMERAL.test(words[at] ?? '')) return { value: Number(words[at]), next: at + 1, afterScale: 0 };
  if (!hundreds) return readBelowHundred(words, at, language);
  const rest = readBelowHundred(words, skipJoiner(words, hundreds.next, language), language);
  if (!rest || rest.value === 0) return hundreds;
  return { value: hundreds.value + rest.value, next: rest.next, afterScale: hundreds.next };
}

function readHundreds(words: string[], at: number, language: Vocabulary): NumberRead | undefined {
  const word = words[at] ?? '';
  const inOneWord = language.hundreds.get(word);
  if (inOneWord !== undefined) return { value: inOneWord, next: at + 1, afterScale: at + 1 };
  if (language.bareScales && language.hundred.has(word)) return { value: 100, next: at + 1, afterScale: at + 1 };
  const count = language.one.has(word) ? { value: 1, next: at + 1 } : readBelowHundred(words, at, language);
  if (!count || count.value === 0 || !language.hundred.has(words[count.next] ?? '')) return undefined;
  return { value: count.value * 100, next: count.next + 1, afterScale: count.next + 1 };
}

/** A joiner counts only between a hundred or thousand and a number. */
function skipJoiner(words: string[], at: number, language: Vocabulary): number {
  const joins = language.joiner !== null && words[at] === language.joiner && readBelowHundred(words, at + 1, language);
  return joins ? at + 1 : at;
}

/** `fünfhundertdreiundzwanzig` in its parts; other words as they are. */
export function splitCompounds(words: string[], language: Vocabulary): string[] {
  return language.compounds ? words.flatMap((word) => partsOf(word, language) ?? [word]) : words;
}

/** The longest number below a million has 67 letters; the bound keeps the search short. */
const MAX_COMPOUND_LETTERS = 70;

function partsOf(word: string, language: Vocabulary): string[] | undefined {
  if (word === '') return [];
  if (word.length > MAX_COMPOUND_LETTERS) return undefined;
  for (let length = word.length; length > 0; length--) {
    const head = word.slice(0, length);
    if (!isPart(head, language)) continue;
    const tail = partsOf(word.slice(length), language);
    if (tail) return [head, ...tail];
  }
  return undefined;
}

function isPart(word: string, { numbers, tens, hundred, scales, joiner }: Vocabulary): boolean {
  return numbers.has(word) || tens.has(word) || hundred.has(word) || scales.has(word) || word === joiner;
}
