import type { Phrases } from './consent-language.ts';

export function split(phrases: Phrases): string[] {
  return phrases.split(',').map((phrase) => phrase.trim().replace(/\s+/g, ' ')).filter((phrase) => phrase !== '');
}
