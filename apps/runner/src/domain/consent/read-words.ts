import type { Lexicon } from './lexicon.ts';

/** A word or a mark of punctuation, in lower case; `sentence` ends one, `clause` parts two. */
export interface Word {
  text: string;
  mark: 'sentence' | 'clause' | 'question' | 'opensQuestion' | null;
}

const MARKS: Record<string, NonNullable<Word['mark']>> = {
  '.': 'sentence',
  '!': 'sentence',
  '…': 'sentence',
  ';': 'sentence',
  '?': 'question',
  ',': 'clause',
  ':': 'clause',
  '¡': 'clause',
  '—': 'clause',
  '–': 'clause',
  '¿': 'opensQuestion',
};
const TOKEN = /\d+(?:[:.,]\d+)*|[\p{L}\p{M}]+(?:'[\p{L}\p{M}]+)*|[.!…;?,:¡¿—–]/gu;

/** Contractions and short forms are written out, so that the phrases of a language need one spelling each. */
export function readWords(said: string, { spellings }: Pick<Lexicon, 'spellings'>): Word[] {
  const plain = said
    .normalize('NFC')
    .toLowerCase()
    .replace(/[’‘`´]/g, "'")
    .replace(/\b([ap])\. ?m\b\.?/g, '$1m');
  return [...plain.matchAll(TOKEN)].flatMap(([token]): Word[] => {
    const mark = MARKS[token];
    if (mark) return [{ text: token, mark }];
    return (spellings.get(token) ?? [token]).map((text) => ({ text, mark: null }));
  });
}

// oxlint-disable-next-line no-control-regex
const IS_ASCII = /^[\x00-\x7f]*$/;

/** Transcripts write `si` and `sí`, `schoen` and `schön`; callers mean the same. */
export function withoutAccents(text: string): string {
  // Most words have none, and looking is much cheaper than taking them apart.
  return IS_ASCII.test(text) ? text : text.normalize('NFD').replace(/\p{M}/gu, '').replace(/ß/g, 'ss');
}
