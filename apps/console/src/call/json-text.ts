/** More than this many characters is a document, not an answer: it starts folded. */
const FOLDED_FROM_LENGTH = 1_200;
const MOST_FLAT_FIELDS = 16;
const LONGEST_FLAT_TEXT = 160;

export type Primitive = string | number | boolean | null;

/** How a JSON value is best read: as fields, as a sentence, or as indented JSON. */
export type Reading =
  | { form: 'nothing' }
  | { form: 'fields'; fields: Array<[name: string, value: Primitive]> }
  | { form: 'text'; text: string; isFolded: boolean };

export function readingOf(value: unknown): Reading {
  if (isObject(value)) {
    const fields = Object.entries(value);
    if (fields.length === 0) return { form: 'nothing' };
    if (isFlat(fields)) return { form: 'fields', fields };
  }
  const text = typeof value === 'string' ? prettyText(value) : JSON.stringify(value, null, 2);
  return { form: 'text', text, isFolded: text.length > FOLDED_FROM_LENGTH };
}

/** Indents what is JSON; leaves alone what is not, such as a preview that was cut. */
export function prettyText(text: string): string {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    // Cut or never JSON: shown as it came.
    return text;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isFlat(fields: Array<[string, unknown]>): fields is Array<[string, Primitive]> {
  return fields.length <= MOST_FLAT_FIELDS && fields.every(([, value]) => isShortPrimitive(value));
}

function isShortPrimitive(value: unknown): value is Primitive {
  if (typeof value === 'string') return value.length <= LONGEST_FLAT_TEXT;
  return value === null || typeof value === 'number' || typeof value === 'boolean';
}
