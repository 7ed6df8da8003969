import type { Language } from '../spoken/language.ts';

const DOLLARS = { US: 'USD', CA: 'CAD', AU: 'AUD', NZ: 'NZD' };
const FRANCS = { CH: 'CHF', LI: 'CHF' };

const ORDINAL_STEMS = [
  'erst', 'zweit', 'dritt', 'viert', 'fünft', 'sechst', 'siebt', 'acht', 'neunt', 'zehnt', 'elft', 'zwölft', 'dreizehnt', 'vierzehnt', 'fünfzehnt',
  'sechzehnt', 'siebzehnt', 'achtzehnt', 'neunzehnt', 'zwanzigst', 'einundzwanzigst', 'zweiundzwanzigst', 'dreiundzwanzigst',
  'vierundzwanzigst', 'fünfundzwanzigst', 'sechsundzwanzigst', 'siebenundzwanzigst', 'achtundzwanzigst', 'neunundzwanzigst', 'dreißigst',
  'einunddreißigst',
];
const ordinals = Object.fromEntries(ORDINAL_STEMS.flatMap((stem, index) => ['e', 'en', 'er'].map((end) => [stem + end, index + 1])));

export const de: Language = {
  numbers: {
    null: 0, ein: 1, eins: 1, eine: 1, einen: 1, einem: 1, einer: 1, zwei: 2, zwo: 2, drei: 3, vier: 4, fünf: 5, fuenf: 5, sechs: 6, sieben: 7,
    acht: 8, neun: 9, zehn: 10, elf: 11, zwölf: 12, zwoelf: 12, dreizehn: 13, vierzehn: 14, fünfzehn: 15, fuenfzehn: 15, sechzehn: 16,
    siebzehn: 17, achtzehn: 18, neunzehn: 19,
  },
  tens: { zwanzig: 20, dreißig: 30, vierzig: 40, fünfzig: 50, fuenfzig: 50, sechzig: 60, siebzig: 70, achtzig: 80, neunzig: 90 },
  hundreds: {},
  hundred: ['hundert'],
  scales: { tausend: 1_000, million: 1_000_000, millionen: 1_000_000 },
  one: [],
  bareScales: true,
  unitBeforeTens: true,
  tensJoiner: 'und',
  joiner: 'und',
  compounds: true,
  negative: ['minus'],
  decimalPoint: ['komma'],
  andAHalf: ['einhalb', 'und ein halb'],
  decimalComma: true,

  zeroInDigits: [],
  repeats: { doppel: 2, doppelt: 2, zweimal: 2, dreimal: 3 },
  plus: ['plus'],

  yes: ['ja', 'jawohl', 'wahr', 'richtig', 'stimmt'],
  no: ['nein', 'nee', 'falsch'],

  symbols: {
    '@': ['at', 'ät', 'klammeraffe'],
    '.': ['punkt', 'dot'],
    _: ['unterstrich'],
    '-': ['bindestrich', 'minus', 'strich'],
    '+': ['plus'],
  },
  letters: { ypsilon: 'y', zett: 'z', zet: 'z', jot: 'j', vau: 'v', ka: 'k', ha: 'h' },
  letterExamples: ['wie'],

  timeFillers: ['um', 'minuten', 'genau', 'punkt', 'am'],
  times: [
    { say: '{hour}' },
    { say: '{hour} uhr' },
    { say: '{hour} uhr {minute}', sign: 1 },
    { say: '{hour} uhr null {minute}', sign: 1 },
    { say: '{hour} {minutes}', sign: 1 },
    { say: '{hour} {minutes} uhr', sign: 1 },
    { say: 'halb {hour}', minutes: -30 },
    { say: 'viertel nach {hour}', minutes: 15 },
    { say: 'viertel vor {hour}', minutes: -15 },
    { say: 'dreiviertel {hour}', minutes: -15 },
    { say: '{minute} nach {hour}', sign: 1 },
    { say: '{minute} vor {hour}', sign: -1 },
    { say: '{minute} vor halb {hour}', minutes: -30, sign: -1 },
    { say: '{minute} nach halb {hour}', minutes: -30, sign: 1 },
  ],
  namedTimes: { mittag: 720, mitternacht: 0 },
  dayParts: [
    { say: ['morgens', 'am morgen', 'früh', 'am vormittag', 'vormittags', 'vormittag', 'in der früh'], ranges: [[60, 720]] },
    { say: ['mittags'], ranges: [[660, 900]] },
    { say: ['nachmittags', 'am nachmittag', 'nachmittag'], ranges: [[720, 1140]] },
    { say: ['abends', 'am abend', 'abend'], ranges: [[960, 1440]] },
    { say: ['nachts', 'in der nacht'], ranges: [[0, 300], [1260, 1440]] },
  ],
  later: [
    { say: 'in {count} stunde|stunden', minutes: 60 },
    { say: 'in {count} minute|minuten', minutes: 1 },
    { say: 'in einer halben stunde', minutes: 30 },
    { say: 'jetzt', minutes: 0 },
  ],

  dateFillers: ['am', 'den', 'der', 'dem', 'im'],
  months: {
    januar: 1, jänner: 1, februar: 2, märz: 3, april: 4, mai: 5, juni: 6, juno: 6, juli: 7, august: 8, september: 9, oktober: 10, november: 11,
    dezember: 12,
  },
  weekdays: { montag: 1, dienstag: 2, mittwoch: 3, donnerstag: 4, freitag: 5, samstag: 6, sonnabend: 6, sonntag: 7 },
  days: { heute: 0, morgen: 1, übermorgen: 2, gestern: -1, vorgestern: -2 },
  ordinals,
  ordinalSuffixes: [],
  dates: [
    { say: '{day} {month} {year}', means: 'date' },
    { say: '{day} {month}', means: 'date_without_year' },
    { say: '{weekday}', means: 'weekday' },
    { say: 'diesen|dieser|diesem|kommenden|kommender {weekday}', means: 'this_weekday' },
    { say: 'nächsten|nächster|nächstem {weekday}', means: 'next_weekday' },
    { say: 'in {count} tag|tagen', means: 'days' },
    { say: 'in {count} woche|wochen', means: 'weeks' },
  ],
  dotsInDates: true,
  yearInPairs: false,

  currencies: {
    euro: 'EUR', euros: 'EUR', franken: FRANCS, 'schweizer franken': 'CHF', dollar: DOLLARS, 'us dollar': 'USD', pfund: { GB: 'GBP' },
    'britische pfund': 'GBP', yen: 'JPY', kronen: { SE: 'SEK', NO: 'NOK', DK: 'DKK', CZ: 'CZK' }, złoty: 'PLN', zloty: 'PLN',
  },
  minorUnits: ['cent', 'cents', 'rappen'],
  minorJoiners: ['und'],
};
