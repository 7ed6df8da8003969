import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ConsentLanguageCode } from './consent-judge.ts';
import type { ConsentLanguage } from './consent-language.ts';
import { english } from './languages/en.ts';
import { german } from './languages/de.ts';
import { spanish } from './languages/es.ts';
import { judgeConsent } from './judge-consent.ts';

/** One kind of value: its values as they are read and as callers say them, the same value at the same place. */
interface Kind {
  name: string;
  read: (value: string) => string;
  say: (value: string) => string;
  values: readonly string[];
}

const PEOPLE = ['2', '3', '4', '5', '6', '7', '8', '9', '11', '12', '13'];
const AMOUNTS = ['15', '40', '75', '90', '115', '120', '250', '320', '325', '1200', '1250', '4800'];
const TIMES = ['1:15', '2:00', '3:30', '4:45', '5:10', '6:30', '7:00', '8:15', '9:40', '10:30', '11:45'];
const CARDS = ['4471', '3308', '9012', '2204', '5550', '1029'];

/** "7 pm" and "7 am" are two times. */
const HALVES = ['7 am', '7 pm', '8:30 am', '8:30 pm', '9 am', '9 pm'];
/** Some of them are other words as well. */
const NAMES = ['Maria', 'Robert', 'Will', 'Grace', 'Mark', 'Anna', 'June', 'Frank'];

const KINDS: Record<ConsentLanguageCode, Kind[]> = {
  en: [
    { name: 'a time', read: (time) => `I will book a table at ${time}.`, say: (time) => `at ${time}`, values: TIMES },
    { name: 'a weekday', read: (day) => `I will book the appointment on ${day}.`, say: (day) => `on ${day}`, values: namesIn(english.values.weekdays) },
    { name: 'a date', read: (day) => `I will book the flight on May ${day}.`, say: (day) => `on May ${day}`, values: PEOPLE },
    { name: 'a date beside other numbers', read: (day) => `I will buy 1 ticket May ${day} for the second show at 10/14 Hall.`, say: (day) => `on May ${day}`, values: [...PEOPLE, '1', '10', '14'] },
    { name: 'a month', read: (month) => `I will book the flight on ${month} 5.`, say: (month) => `${month} 5`, values: namesIn(english.values.months) },
    { name: 'a count', read: (count) => `I will book a table for ${count} people.`, say: (count) => `for ${count}`, values: PEOPLE },
    { name: 'a half of the day', read: (time) => `I will book a table at ${time}.`, say: (time) => `at ${time}`, values: HALVES },
    { name: 'a person', read: (name) => `I will send the money to ${name}.`, say: (name) => `to ${name.toLowerCase()}`, values: NAMES },
    { name: 'a count in words', read: (count) => `I will book a table for ${count} people.`, say: (count) => `for ${inWords(english, count)}`, values: PEOPLE },
    { name: 'an amount', read: (amount) => `I will transfer ${amount} dollars.`, say: (amount) => `${amount} dollars`, values: AMOUNTS },
    { name: 'a card', read: (card) => `I will charge the card ending in ${card}.`, say: (card) => `${[...card].join(' ')}`, values: CARDS },
  ],
  de: [
    { name: 'a time', read: (time) => `Ich reserviere einen Tisch um ${time} Uhr.`, say: (time) => `um ${time} Uhr`, values: TIMES },
    { name: 'a weekday', read: (day) => `Ich trage den Termin am ${day} ein.`, say: (day) => `am ${day}`, values: namesIn(german.values.weekdays) },
    { name: 'a month', read: (month) => `Ich buche den Flug am 5. ${month}.`, say: (month) => `am 5. ${month}`, values: namesIn(german.values.months) },
    { name: 'a count', read: (count) => `Ich reserviere einen Tisch für ${count} Personen.`, say: (count) => `für ${count}`, values: PEOPLE },
    { name: 'a count in words', read: (count) => `Ich reserviere einen Tisch für ${count} Personen.`, say: (count) => `für ${inWords(german, count)}`, values: PEOPLE },
    { name: 'an amount in words', read: (amount) => `Ich überweise ${amount} Euro.`, say: (amount) => `${inWords(german, amount)} Euro`, values: AMOUNTS.filter((amount) => inWords(german, amount)) },
    { name: 'an amount', read: (amount) => `Ich überweise ${amount} Euro.`, say: (amount) => `${amount} Euro`, values: AMOUNTS },
    { name: 'a card', read: (card) => `Ich belaste die Karte mit der Endnummer ${card}.`, say: (card) => `${[...card].join(' ')}`, values: CARDS },
  ],
  es: [
    { name: 'a time', read: (time) => `Le reservo una mesa a las ${time}.`, say: (time) => `a las ${time}`, values: TIMES },
    { name: 'a weekday', read: (day) => `Le agendo la cita el ${day}.`, say: (day) => `el ${day}`, values: namesIn(spanish.values.weekdays) },
    { name: 'a month', read: (month) => `Le reservo el vuelo el 5 de ${month}.`, say: (month) => `el 5 de ${month}`, values: namesIn(spanish.values.months) },
    { name: 'a count', read: (count) => `Le reservo una mesa para ${count} personas.`, say: (count) => `para ${count}`, values: PEOPLE },
    { name: 'a count in words', read: (count) => `Le reservo una mesa para ${count} personas.`, say: (count) => `para ${inWords(spanish, count)}`, values: PEOPLE },
    { name: 'an amount', read: (amount) => `Voy a transferir ${amount} euros.`, say: (amount) => `${amount} euros`, values: AMOUNTS },
    { name: 'a card', read: (card) => `Le cobro a la tarjeta terminada en ${card}.`, say: (card) => `${[...card].join(' ')}`, values: CARDS },
  ],
};
/** More than there are pairs of values and ways to say yes, for most kinds. */
const RUNS = 600;
const YES = { en: ['yes', 'yeah that works', 'sure', 'yes please', 'perfect'], de: ['ja', 'ja gerne', 'genau', 'ja bitte'], es: ['sí', 'claro', 'sí por favor', 'perfecto'] };
/** An order behind a "no" is for something else, or has been misheard. */
const OTHER_ORDERS = { en: ['no, book it', 'no please book the table', 'no, the booking is', 'no, go ahead and book', 'no, make it'], de: ['nein, buchen Sie', 'nein, bitte reservieren Sie', 'nein, machen Sie das'], es: ['no, resérvela', 'no, adelante', 'no, hágalo'] };

function inWords({ values }: ConsentLanguage, count: string): string {
  return Object.keys(values.numbers).find((word) => values.numbers[word] === Number(count)) ?? '';
}

function namesIn(values: string): string[] {
  return values.split(',').map((spellings) => spellings.trim().split(' ', 1)[0] ?? '');
}

describe.each(Object.entries(KINDS).flatMap(([language, kinds]) => kinds.map((kind) => ({ language: language as ConsentLanguageCode, kind, name: kind.name }))))('a yes in "$language" with $name', ({ language, kind }) => {
  const judge = (read: string, said: string, yes: string) => judgeConsent({ words: `${yes} ${kind.say(said)}`, language, readBack: kind.read(read) }).verdict;
  const yes = fc.constantFrom(...YES[language]);
  const value = fc.constantFrom(...kind.values);

  it('is a yes when it is the one that was read', () => {
    fc.assert(fc.property(value, yes, (read, agreement) => expect(judge(read, read, agreement)).toBe('affirm')));
  });

  it('is never a yes when it is another one', () => {
    fc.assert(fc.property(value, value, yes, (read, said, agreement) => {
      fc.pre(read !== said);
      expect(judge(read, said, agreement)).not.toBe('affirm');
    }), { numRuns: RUNS });
  });

  it('is none behind a no, whichever it is', () => {
    fc.assert(fc.property(value, value, fc.constantFrom(...OTHER_ORDERS[language]), (read, said, order) => expect(judge(read, said, order)).not.toBe('affirm')), { numRuns: RUNS });
  });
});

describe('a yes to what an argument says there is none of', () => {
  const THINGS = { insurance: 'add_insurance', subtitles: 'subtitles', protection: 'tripProtection', breakfast: 'includes_breakfast', wifi: 'has_wifi', upgrade: 'wants_upgrade' };
  const thing = fc.constantFrom(...(Object.keys(THINGS) as Array<keyof typeof THINGS>));
  const none = fc.constantFrom<unknown>(false, 'False', 'none', 0);
  const judge = (words: string, name: string, value: unknown) => {
    const readBack = `I am about to book with ${name.replaceAll(/([A-Z])/g, ' $1').replaceAll('_', ' ').toLowerCase()} ${String(value)}. Shall I go ahead?`;
    return judgeConsent({ words, language: 'en', readBack, arguments: { [name]: value } }).verdict;
  };

  it('is never a yes with it', () => {
    const asking = fc.constantFrom('with', 'and', 'and add', 'but with', 'i want', 'plus', 'can you add the');
    fc.assert(fc.property(thing, none, fc.constantFrom(...YES.en), asking, (said, value, agreement, ask) => expect(judge(`${agreement} ${ask} ${said}`, THINGS[said], value)).not.toBe('affirm')), { numRuns: RUNS });
  });

  it('is a yes without it', () => {
    const refusing = fc.constantFrom('no', 'without', "i don't need", "i don't want any");
    fc.assert(fc.property(thing, none, fc.constantFrom(...YES.en), refusing, (said, value, agreement, refusal) => expect(judge(`${agreement}, ${refusal} ${said}`, THINGS[said], value)).toBe('affirm')), { numRuns: RUNS });
  });
});
