import { isAscii } from './without-accents.ts';
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
/** The same for plain ASCII, which most answers are: classes of Unicode cost several times as much. */
const ASCII_TOKEN = /\d+(?:[:.,/]\d+)*|[a-z]+(?:'[a-z]+)*|[.!;?,:]/g;
const TOKEN = /\d+(?:[:.,/]\d+)*|[\p{L}\p{M}]+(?:'[\p{L}\p{M}]+)*|[.!…;?,:¡¿—–]/gu;

/** Contractions and short forms are written out, so that the phrases of a language need one spelling each. */
export function readWords(said: string, { spellings }: Pick<Lexicon, 'spellings'>): Word[] {
  const isPlain = isAscii(said);
  const written = (isPlain ? said : said.normalize('NFC')).toLowerCase().replace(/[’‘`´]/g, "'");
  const plain = written.replace(/\b([ap])\. ?m\b\.?/g, '$1m');
  return [...plain.matchAll(isPlain ? ASCII_TOKEN : TOKEN)].flatMap(([token]): Word[] => {
    const mark = MARKS[token];
    if (mark) return [{ text: token, mark }];
    return writtenOut(token, spellings).map((text) => ({ text, mark: null }));
  });
}

/** "Friday's fine": the ending has a spelling of its own where the word has none. */
function writtenOut(token: string, spellings: Lexicon['spellings']): string[] {
  const known = spellings.get(token);
  if (known) return known;
  const ending = token.endsWith("'s") ? spellings.get("'s") : undefined;
  return ending ? [token.slice(0, -2), ...ending] : [token];
}
