import { isAscii, isUtf8 } from 'node:buffer';
import { cleanText, hasUnseen } from './clean-text.ts';
import { UnreadableJson, cleanJson, parseJson } from './parse-json.ts';
import type { Answered } from './send-result.ts';

/** The body of an answer, without a character that a person does not see. */
export type ReadBody =
  | { kind: 'json'; value: unknown; /** As it was written: not cleaned. */ text: string }
  | { kind: 'text'; value: string }
  | { kind: 'empty'; value: null }
  /** It says that it is JSON, and is not, or not such that all readers read the same. `problem` follows "the answer". */
  | { kind: 'unreadable'; value: null; problem: string };

const JSON_TYPE = /\bjson\b/i;
const EMPTY: ReadBody = { kind: 'empty', value: null };
// Escapes that may stand for an unseen character.
const HIDING_ESCAPE = /\\[urbf]/;

/** Reads the body of an answer: JSON where it is JSON or says so, else text. */
export function readBody({ body, headers }: Pick<Answered, 'body' | 'headers'>): ReadBody {
  if (body.length === 0) return EMPTY;
  const ascii = isAscii(body);
  const text = ascii ? body.toString('latin1') : withoutMark(body.toString('utf8'));
  const saysJson = JSON_TYPE.test(String(headers['content-type'] ?? ''));
  if (!saysJson && !looksLikeJson(text)) return readText(text);
  if (text.trim() === '') return EMPTY;
  if (!ascii && !isUtf8(body)) return saysJson ? unreadable('is not valid UTF-8') : readText(text);
  try {
    const value = parseJson(text, body);
    return { kind: 'json', value: mayHide(text, ascii) ? cleanJson(value) : value, text };
  } catch (error) {
    if (!(error instanceof UnreadableJson)) throw error;
    return saysJson ? unreadable(error.problem) : readText(text);
  }
}

function mayHide(text: string, ascii: boolean): boolean {
  if (text.includes('\\') && HIDING_ESCAPE.test(text)) return true;
  // The one unseen character of ASCII that JSON allows in a text is DEL.
  return ascii ? text.includes('\x7f') : hasUnseen(text);
}

function readText(text: string): ReadBody {
  const value = cleanText(text);
  return value.trim() === '' ? EMPTY : { kind: 'text', value };
}

function unreadable(problem: string): ReadBody {
  return { kind: 'unreadable', value: null, problem };
}

/** Not every API says that its answer is JSON. */
function looksLikeJson(text: string): boolean {
  return /^\s*[[{]/.test(text);
}

/** RFC 8259 lets a reader ignore the byte order mark that it forbids to write. */
function withoutMark(text: string): string {
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}
