import type { ConsentLanguage, Phrases } from './consent-language.ts';
import { split } from './split-phrases.ts';

export interface Choice {
  group: number;
  member: string;
}

export interface ValueLexicon {
  numbers: Map<string, number>;
  ordinals: Map<string, number>;
  weekdays: Map<string, number>;
  months: Map<string, number>;
  relative: Set<string>;
  timeBefore: Set<string>;
  dayBefore: Set<string>;
  beforeMonths: Set<string>;
  timeAfter: Set<string>;
  minutesBefore: Map<string, number>;
  /** The first words of `minutesBefore`: most words are none of them. */
  opensMinutes: Set<string>;
  minutesAfter: Map<string, number>;
  directions: Set<string>;
  halves: Map<string, string>;
  opensHalves: Set<string>;
  /** Word → its class. */
  units: Map<string, string>;
  peopleAfter: Set<string>;
  people: string;
  countBefore: Set<string>;
  alone: Set<string>;
  past: Set<string>;
  is24h: boolean;
  ones: Set<string>;
  zeros: Set<string>;
  twos: Set<string>;
  pronouns: Set<string>;
  pointers: Set<string>;
  distributive: Set<string>;
  totals: Set<string>;
  /** Word → its group and its member there. */
  choices: Map<string, Choice>;
  sameAs: Map<string, string>;
  joins: Set<string>;
}

export function readValues(values: ConsentLanguage['values']): ValueLexicon {
  return {
    numbers: new Map(Object.entries(values.numbers)),
    ordinals: new Map(Object.entries(values.ordinals)),
    weekdays: numbered(values.weekdays),
    months: numbered(values.months),
    relative: new Set(split(values.relative)),
    timeBefore: new Set(split(values.timeBefore)),
    dayBefore: new Set(split(values.dayBefore)),
    beforeMonths: new Set(['.', ...split(values.beforeMonths)]),
    timeAfter: new Set(split(values.timeAfter)),
    minutesBefore: new Map(Object.entries(values.minutesBefore)),
    opensMinutes: new Set(Object.keys(values.minutesBefore).map((phrase) => phrase.split(' ', 1)[0] ?? '')),
    minutesAfter: new Map(Object.entries(values.minutesAfter)),
    directions: new Set(split(values.directions)),
    halves: new Map(Object.entries(values.halves)),
    opensHalves: new Set(Object.keys(values.halves).map((phrase) => phrase.split(' ', 1)[0] ?? '')),
    units: new Map(split(values.units).flatMap((unit) => unit.split(' ').map((word) => [word, unit] as const))),
    sameAs: new Map(Object.entries(values.sameAs)),
    joins: new Set(split(values.joins)),
    alone: new Set(split(values.alone)),
    pronouns: new Set(split(values.pronouns)),
    pointers: new Set(split(values.pointers)),
    twos: new Set(split(values.twos)),
    is24h: values.is24h,
    ones: new Set(split(values.ones)),
    zeros: new Set(split(values.zeros)),
    past: new Set(split(values.past)),
    totals: new Set(split(values.totals)),
    distributive: new Set(split(values.distributive)),
    choices: new Map(values.choices.flatMap((members, group) => split(members).flatMap((member) => member.split(' ').map((word) => [word, { group, member }] as const)))),
    peopleAfter: new Set(split(values.peopleAfter)),
    people: split(values.units)[0] ?? '',
    countBefore: new Set(split(values.countBefore)),
  };
}

function numbered(names: Phrases): Map<string, number> {
  return new Map(split(names).flatMap((spellings, index) => spellings.split(' ').map((name) => [name, index] as const)));
}
