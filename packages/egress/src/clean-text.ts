const MARKER = '[truncated]';

/** What a result may hold at most, marker included. */
export const MAX_TEXT_BYTES = 65_536;

// Characters that a person does not see and a model does: control characters (all but tab and line feed), soft hyphen, zero-width
// characters, direction marks and overrides, invisible operators, and the tag and selector planes in which whole hidden sentences can be written.
const UNSEEN =
  /[[\p{Cc}--[\t\n]]\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e0fff}]/gv;

// Every UTF-16 unit that is none of these, surrogates included: several times as fast where, as in most texts, there is nothing to remove.
const MAY_BE_UNSEEN =
  /[^\t\n\x20-\x7e\xa0-\xac\xae-\u061b\u061d-\u180d\u180f-\u200a\u2010-\u2029\u202f-\u205f\u2070-\ud7ff\ue000-\ufefe\uff00-\ufff8\ufffc-\uffff]/;

/** Whether `cleanText` may change the text. */
export function hasUnseen(text: string): boolean {
  return MAY_BE_UNSEEN.test(text);
}

/**
 * A provider's text, fit to be read by a model or a person: unseen characters removed, broken surrogates replaced by U+FFFD.
 * Joiners go too: an emoji family may come apart into its members.
 */
export function cleanText(text: string): string {
  return hasUnseen(text) ? text.toWellFormed().replace(UNSEEN, '') : text;
}

/**
 * The text, or as much of its beginning as fits into `maxBytes` of UTF-8 together with the marker `[truncated]`.
 * Never cuts a character in two. Throws RangeError when the marker alone does not fit.
 */
export function truncate(text: string, maxBytes: number = MAX_TEXT_BYTES): string {
  if (maxBytes < MARKER.length) throw new RangeError(`maxBytes must be at least ${MARKER.length}`);
  // A UTF-16 unit takes three bytes at most, so that most texts need no counting.
  if (text.length * 3 <= maxBytes || Buffer.byteLength(text) <= maxBytes) return text;
  const room = new Uint8Array(maxBytes - MARKER.length);
  // encodeInto stops before a character that does not fit.
  const { read } = new TextEncoder().encodeInto(text, room);
  return text.slice(0, read) + MARKER;
}
