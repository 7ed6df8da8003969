import { cleanText } from './clean-text.ts';

/** Deeper is no answer of an honest API, and walks over it could run out of stack. */
const MAX_DEPTH = 64;

const QUOTE = 34;
const COLON = 58;
const BACKSLASH = 92;
const SPACE = 32;

/** JSON that is not read, although it may be well-formed. `problem` completes the sentence that begins with "the answer". */
export class UnreadableJson extends Error {
  readonly problem: string;

  constructor(problem: string, options?: ErrorOptions) {
    super(`the answer ${problem}`, options);
    this.name = 'UnreadableJson';
    this.problem = problem;
  }
}

/**
 * Reads JSON that a stranger wrote. Throws UnreadableJson for what JSON.parse refuses and for what readers disagree about: a field given
 * twice, a field called __proto__, a number too large for a double, more than 64 levels.
 * @param bytes the same text in UTF-8
 */
export function parseJson(text: string, bytes: Buffer): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UnreadableJson('is not valid JSON', { cause: error });
  }
  // JSON.parse keeps the last of two fields with one name; only the text still knows how many there were.
  const fields = countFields(value, 0);
  if (fields !== fastCountFields(bytes) && fields !== exactCountFields(text))
    throw new UnreadableJson('has a field twice');
  return value;
}

/** The value with unseen characters removed from every text and every name. Throws UnreadableJson when two names become one. */
export function cleanJson(value: unknown): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(cleanJson);
  const entries = Object.entries(value).map(([name, item]): [string, unknown] => [cleanText(name), cleanJson(item)]);
  const cleaned = Object.fromEntries(entries);
  if (Object.keys(cleaned).length !== entries.length) throw new UnreadableJson('has a field twice');
  if (Object.hasOwn(cleaned, '__proto__')) throw new UnreadableJson('has a field named __proto__');
  return cleaned;
}

// Index loops: this runs over every answer, and iterators and callbacks would double its cost.
function countFields(value: unknown, depth: number): number {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new UnreadableJson('has a number that is too large');
  if (typeof value !== 'object' || value === null) return 0;
  if (depth >= MAX_DEPTH) throw new UnreadableJson(`is nested deeper than ${MAX_DEPTH} levels`);
  let fields = 0;
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length; at++) fields += countFields(value[at], depth + 1);
    return fields;
  }
  const names = Object.keys(value);
  for (let at = 0; at < names.length; at++) {
    const name = names[at] as string;
    if (name === '__proto__') throw new UnreadableJson('has a field named __proto__');
    fields += countFields((value as Record<string, unknown>)[name], depth + 1);
  }
  return fields + names.length;
}

/** How often `":` occurs: once for each field, unless a text begins with a colon; -1 when white space before a colon may hide a field. */
function fastCountFields(bytes: Buffer): number {
  let fields = 0;
  for (let at = 1; at < bytes.length; at++) {
    if (bytes[at] !== COLON) continue;
    const before = bytes[at - 1] as number;
    if (before === QUOTE) fields++;
    else if (before <= SPACE) return -1;
  }
  return fields;
}

/** The colons outside of texts. `text` is valid JSON. */
function exactCountFields(text: string): number {
  let fields = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === QUOTE) quoted = !quoted;
    else if (quoted && unit === BACKSLASH) at++;
    else if (!quoted && unit === COLON) fields++;
  }
  return fields;
}
