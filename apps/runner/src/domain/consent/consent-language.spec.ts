import { describe, expect, it } from '@jest/globals';
import { PHRASE_KINDS } from './consent-language.ts';
import type { ConsentLanguage } from './consent-language.ts';
import { german } from './languages/de.ts';
import { english } from './languages/en.ts';
import { spanish } from './languages/es.ts';

function phrasesOf(language: ConsentLanguage): string[] {
  return PHRASE_KINDS.flatMap((kind) => language.phrases[kind].split(',').map((phrase) => phrase.trim().replace(/\s+/g, ' ')));
}

describe.each([
  ['English', english],
  ['Spanish', spanish],
  ['German', german],
])('the %s phrases', (_, language) => {
  it('mean one thing each', () => {
    const phrases = phrasesOf(language);
    expect(phrases.filter((phrase, index) => phrases.indexOf(phrase) !== index)).toEqual([]);
  });

  it('are written as an answer is read: without contractions and without capitals', () => {
    const unreadable = phrasesOf(language).filter(
      (phrase) => phrase === '' || phrase !== phrase.toLowerCase() || phrase.split(' ').some((word) => word in language.spellings),
    );
    expect(unreadable).toEqual([]);
  });
});
