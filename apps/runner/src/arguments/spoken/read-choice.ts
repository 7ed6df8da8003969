import type { Hearing, Reading } from './reading.ts';
import { fold } from './words.ts';

/** "Check in" for `check_in`: case, accents, and what stands between words do not count, but a sign before a number does. */
export function sameChoice(text: string): string {
  return fold(text.trim()).replaceAll(/(?<=[\p{L}\p{N}])[\s_-]+(?=[\p{L}\p{N}])/gu, ' ');
}

/** The one value of an enum that was meant. */
export function readChoice(allowed: string[]): (spoken: string) => Reading | undefined {
  const values = new Map<string, string[]>();
  for (const value of allowed) values.set(sameChoice(value), [...(values.get(sameChoice(value)) ?? []), value]);
  return (spoken) => {
    const meant = values.get(sameChoice(spoken));
    if (!meant) return undefined;
    return meant.length === 1 ? { value: meant[0]! } : { problem: `is ambiguous: it may be ${meant.join(' or ')}` };
  };
}

/** "yes" for a parameter that is true or false. */
export function readBoolean(spoken: string, { words }: Hearing): Reading | undefined {
  const word = fold(spoken.trim());
  if (words.yes.has(word)) return { value: true };
  return words.no.has(word) ? { value: false } : undefined;
}
