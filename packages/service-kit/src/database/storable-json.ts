/** `\u0000` and lone surrogates: JSON allows them, PostgreSQL's jsonb and text do not. An even run of backslashes before is text. */
const UNSTORABLE = /(?<!\\)((?:\\\\)*)\\u(?:0000|d[89a-f][0-9a-f]{2})/gi;

/** JSON text that PostgreSQL always takes: what it cannot hold becomes U+FFFD. Well-formed pairs are never escaped by `JSON.stringify`. */
export function storableJson(value: unknown): string {
  const text = JSON.stringify(value);
  return text.includes('\\u') ? text.replace(UNSTORABLE, '$1\\ufffd') : text;
}

/** The same for a text column. */
export function storableText(text: string): string {
  const wellFormed = text.isWellFormed() ? text : text.toWellFormed();
  return wellFormed.includes('\u0000') ? wellFormed.replaceAll('\u0000', '\ufffd') : wellFormed;
}
