import { phraseAt } from './spoken/phrase.ts';
import { digitsAt } from './spoken/read-digits.ts';
import type { Vocabulary } from './spoken/vocabulary.ts';
import { fold } from './spoken/words.ts';

/** So much of a text decides whether the rest is worth preparing: an argument may have 64 KiB, and hardly one begins like what was said. */
const HEAD_LETTERS = 64;

/** A way to write the words at one place, and where the words after it begin. */
interface Piece {
  text: string;
  next: number;
}

/** All ways to write all words, and where those begin that start with a letter. */
interface Writing {
  pieces: Piece[][];
  starts: Map<string, number[]>;
}

/** Words in the ways that people write and spell them: "at" or `@`, "double five" or `55`. */
export class SpelledWords {
  readonly #words: string[];
  readonly #language: Vocabulary;
  #pieces: Piece[][] | undefined;
  #withSigns: Writing | undefined;
  #bare: Writing | undefined;

  constructor(words: string[], language: Vocabulary) {
    this.#words = words;
    this.#language = language;
  }

  /** Whether whole words, one after the other, make up the text; signs count only in addresses and decimals. */
  spell(text: string, withSigns: boolean): boolean {
    const writing = withSigns ? (this.#withSigns ??= this.#written(cleanWithSigns)) : (this.#bare ??= this.#written(cleanBare));
    const clean = withSigns ? cleanWithSigns : cleanBare;
    if (text.length > 2 * HEAD_LETTERS && !begin(writing, clean(headOf(text)))) return false;
    const wanted = clean(fold(text));
    return wanted !== '' && make(writing, wanted, false);
  }

  #written(clean: (folded: string) => string): Writing {
    this.#pieces ??= this.#words.map((_, at) => this.#piecesAt(at));
    const pieces = this.#pieces.map((all) => all.map(({ text, next }) => ({ text: clean(text), next })));
    const starts = new Map<string, number[]>();
    pieces.forEach((all, at) => {
      for (const { text } of all) {
        const known = starts.get(text.charAt(0));
        if (!known) starts.set(text.charAt(0), [at]);
        else if (known.at(-1) !== at) known.push(at);
      }
    });
    return { pieces, starts };
  }

  #piecesAt(at: number): Piece[] {
    const word = this.#words[at]!;
    const symbol = phraseAt(this.#language.symbols, this.#words, at);
    const times = this.#language.repeats.get(word);
    const letter = this.#words[at + 1] ?? '';
    return [
      { text: word, next: at + 1 },
      ...(symbol ? [{ text: symbol.means, next: at + symbol.words.length }] : []),
      ...(times !== undefined && letter.length === 1 ? [{ text: letter.repeat(times), next: at + 2 }] : []),
      ...digitsAt(this.#words, at, this.#language).map(({ digits, next }) => ({ text: digits, next })),
    ];
  }
}

/** Most words and many values: nothing of them needs cleaning. */
const CLEAN = /^[a-z0-9]*$/;

function cleanWithSigns(folded: string): string {
  return CLEAN.test(folded) ? folded : folded.replaceAll(/\s/g, '');
}

function cleanBare(folded: string): string {
  return CLEAN.test(folded) ? folded : folded.replaceAll(/[^\p{L}\p{N}]/gu, '');
}

/** The folded beginning of a text; no letter is cut in two. */
function headOf(text: string): string {
  const isCut = /[\uD800-\uDBFF]/.test(text.charAt(HEAD_LETTERS - 1));
  return fold(text.slice(0, isCut ? HEAD_LETTERS - 1 : HEAD_LETTERS));
}

function begin(writing: Writing, head: string): boolean {
  return head === '' || make(writing, head, true);
}

/** Whether pieces make up what is wanted; `asHead`: or something longer that begins with it. */
function make({ pieces, starts }: Writing, wanted: string, asHead: boolean): boolean {
  const deadEnds = new Set<number>();
  const from = (at: number, done: number): boolean => {
    if (done === wanted.length) return true;
    const key = at * (wanted.length + 1) + done;
    if (at >= pieces.length || deadEnds.has(key)) return false;
    deadEnds.add(key);
    return pieces[at]!.some(({ text, next }) => {
      if (wanted.startsWith(text, done)) return from(next, done + text.length);
      return asHead && text.length > wanted.length - done && text.startsWith(wanted.slice(done));
    });
  };
  return (starts.get(wanted.charAt(0)) ?? []).some((at) => from(at, 0));
}
