import type { ValueLexicon } from './value-lexicon.ts';
import type { Word } from './read-words.ts';

export interface NumberAt {
  value: number;
  to: number;
}

/** "Three hundred twenty five", "one thousand two hundred", "twelve hundred" and "325" are one number each. */
export function numberAt(words: Word[], at: number, lexicon: ValueLexicon): NumberAt | null {
  const first = belowThousandAt(words, at, lexicon);
  if (first === null) return null;
  const thousand = first.value < 1000 ? partAt(words, first.to, lexicon, false) : null;
  const thousands = thousand?.value === 1000 ? { value: first.value * 1000, to: thousand.to } : first;
  if (thousands.value < 1000 || thousands.value % 1000 !== 0) return thousands;
  const rest = partAt(words, thousands.to, lexicon, true);
  const below = rest === null ? null : belowThousandAt(words, rest.at, lexicon);
  return below === null || below.value >= 1000 ? thousands : { value: thousands.value + below.value, to: below.to };
}

function belowThousandAt(words: Word[], at: number, lexicon: ValueLexicon): NumberAt | null {
  const small = belowHundredAt(words, at, lexicon);
  if (small === null) return null;
  const hundred = small.value < 100 ? partAt(words, small.to, lexicon, false) : null;
  const hundreds = hundred?.value === 100 ? { value: small.value * 100, to: hundred.to } : small;
  if (hundreds.value < 100 || hundreds.value > 9900 || hundreds.value % 100 !== 0 || hundreds.value % 1000 === 0) return hundreds;
  const rest = partAt(words, hundreds.to, lexicon, true);
  const below = rest === null ? null : belowHundredAt(words, rest.at, lexicon);
  return below === null || below.value >= 100 ? hundreds : { value: hundreds.value + below.value, to: below.to };
}

function belowHundredAt(words: Word[], at: number, lexicon: ValueLexicon): NumberAt | null {
  const value = digitAt(words, at, lexicon);
  if (value === null) return null;
  if (value < 20 || value >= 100 || value % 10 !== 0) return { value, to: at + 1 };
  const one = partAt(words, at + 1, lexicon, true);
  return one !== null && one.value > 0 && one.value < 10 ? { value: value + one.value, to: one.to } : { value, to: at + 1 };
}

/** The next part of a number that is spoken in words; digits are a number of their own. */
function partAt(words: Word[], at: number, lexicon: ValueLexicon, mayJoin: boolean): (NumberAt & { at: number }) | null {
  const from = mayJoin && lexicon.joins.has(words[at]?.text ?? '') ? at + 1 : at;
  const value = /^\p{L}/u.test(words[from]?.text ?? '') ? digitAt(words, from, lexicon) : null;
  return value === null ? null : { value, to: from + 1, at: from };
}

function digitAt(words: Word[], at: number, lexicon: ValueLexicon): number | null {
  const text = words[at]?.text;
  if (text === undefined) return null;
  const known = lexicon.numbers.get(text) ?? lexicon.ordinals.get(text);
  return known ?? (/^\d[\d.,:]*$/.test(text) ? numeral(text) : null);
}

/** "1,200" and "1.200" are twelve hundred, "27,50" and "27.50" a little more than twenty seven. */
function numeral(text: string): number {
  return /^\d{1,3}([.,]\d{3})+$/.test(text) ? Number(text.replace(/[.,]/g, '')) : Number(text.replaceAll(',', '.'));
}

/** "Oh" is a digit between two others, and nothing else is. */
export function zeroAt(words: Word[], at: number, lexicon: ValueLexicon): NumberAt | null {
  return lexicon.zeros.has(words[at]?.text ?? '') && numberAt(words, at + 1, lexicon) !== null ? { value: 0, to: at + 1 } : null;
}

/** A run of numbers as one string of digits, longest first: "four four seven one", "four eighty two", "twenty seven fifty". */
export function digitRunsAt(words: Word[], at: number, lexicon: ValueLexicon): Array<{ digits: string; to: number; parts: number; isSingle: boolean }> {
  const runs: ReturnType<typeof digitRunsAt> = [];
  let digits = '';
  let isSingle = true;
  for (let number = numberAt(words, at, lexicon), parts = 1; number !== null; number = numberAt(words, number.to, lexicon) ?? zeroAt(words, number.to, lexicon), parts += 1) {
    digits += String(number.value).replace('.', '');
    isSingle &&= number.value < 10;
    runs.push({ digits, to: number.to, parts, isSingle });
  }
  return runs.filter(({ parts }) => parts > 1).toReversed();
}
