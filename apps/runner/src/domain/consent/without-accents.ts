// oxlint-disable-next-line no-control-regex
const ASCII = /^[\x00-\x7f]*$/;

export function isAscii(text: string): boolean {
  return ASCII.test(text);
}

/** Transcripts write `si` and `sí`, `schon` and `schön`; callers mean the same. */
export function withoutAccents(text: string): string {
  // Most words have none, and looking is much cheaper than taking them apart.
  return isAscii(text) ? text : text.normalize('NFD').replace(/\p{M}/gu, '').replace(/ß/g, 'ss');
}
