import { fold } from './words.ts';

/** A word that must stand there (any of several), or a slot for a value. */
type Part = { words: string[] } | { slot: string };
export type Template = Part[];
export type Slots = Record<string, number>;
/** Reads the value of a slot; `next` is the word after it. */
export type SlotReader = (words: string[], at: number) => { value: number; next: number } | undefined;

/** `quarter to|of {hour}`: words, alternatives with `|`, slots in braces. */
export function parseTemplate(say: string): Template {
  return say.split(' ').map((part) => (part.startsWith('{') ? { slot: part.slice(1, -1) } : { words: part.split('|').map(fold) }));
}

/** The values of the slots if the template covers all the words. */
export function matchTemplate(template: Template, words: string[], readers: Record<string, SlotReader>): Slots | undefined {
  const slots: Slots = {};
  let at = 0;
  for (const part of template) {
    if ('words' in part) {
      if (!part.words.includes(words[at] ?? '')) return undefined;
      at++;
      continue;
    }
    const read = readers[part.slot]?.(words, at);
    if (!read) return undefined;
    slots[part.slot] = read.value;
    at = read.next;
  }
  return at === words.length ? slots : undefined;
}
