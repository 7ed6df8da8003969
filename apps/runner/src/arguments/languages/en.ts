import type { Language } from '../spoken/language.ts';

const DOLLARS = { US: 'USD', CA: 'CAD', AU: 'AUD', NZ: 'NZD', SG: 'SGD', HK: 'HKD', TW: 'TWD', PR: 'USD', EC: 'USD' };
const POUNDS = { GB: 'GBP', IM: 'GBP', JE: 'GBP', GG: 'GBP', EG: 'EGP', LB: 'LBP' };
const PESOS = { MX: 'MXN', AR: 'ARS', CO: 'COP', CL: 'CLP', UY: 'UYU', PH: 'PHP', DO: 'DOP' };

export const en: Language = {
  numbers: {
    zero: 0, one: 1, two: 2, three: 3, four: 4, five: 5, six: 6, seven: 7, eight: 8, nine: 9, ten: 10, eleven: 11, twelve: 12,
    thirteen: 13, fourteen: 14, fifteen: 15, sixteen: 16, seventeen: 17, eighteen: 18, nineteen: 19,
  },
  tens: { twenty: 20, thirty: 30, forty: 40, fourty: 40, fifty: 50, sixty: 60, seventy: 70, eighty: 80, ninety: 90 },
  hundreds: {},
  hundred: ['hundred'],
  scales: { thousand: 1_000, million: 1_000_000, billion: 1_000_000_000 },
  one: ['a', 'an'],
  bareScales: false,
  unitBeforeTens: false,
  tensJoiner: null,
  joiner: 'and',
  compounds: false,
  negative: ['minus', 'negative'],
  decimalPoint: ['point'],
  andAHalf: ['and a half'],
  decimalComma: false,

  zeroInDigits: ['oh', 'o', 'nought', 'nil'],
  repeats: { double: 2, triple: 3, treble: 3 },
  plus: ['plus'],

  yes: ['yes', 'yeah', 'yep', 'true', 'correct'],
  no: ['no', 'nope', 'false', 'incorrect'],

  symbols: {
    '@': ['at', 'at sign'],
    '.': ['dot', 'period', 'point', 'full stop'],
    _: ['underscore', 'under score'],
    '-': ['dash', 'hyphen', 'minus'],
    '+': ['plus', 'plus sign'],
  },
  letters: { 'double u': 'w', zee: 'z', zed: 'z' },
  letterExamples: ['as in', 'like in', 'for', 'like'],

  timeFillers: ['at', 'the', 'a', 'minutes', 'minute', 'sharp', 'exactly', 'on', 'clock'],
  times: [
    { say: '{hour}' },
    { say: '{hour} oclock' },
    { say: '{hour} o' },
    { say: '{hour} {minutes}', sign: 1 },
    { say: '{hour} oh|o|zero {minute}', sign: 1 },
    { say: '{hour} hundred hours' },
    { say: 'half past|after {hour}', minutes: 30 },
    { say: 'quarter past|after {hour}', minutes: 15 },
    { say: 'quarter to|of|till|til|before {hour}', minutes: -15 },
    { say: '{minute} past|after {hour}', sign: 1 },
    { say: '{minute} to|of|till|til|before {hour}', sign: -1 },
  ],
  namedTimes: { noon: 720, midday: 720, midnight: 0 },
  dayParts: [
    { say: ['am', 'a m'], ranges: [[0, 720]] },
    { say: ['pm', 'p m'], ranges: [[720, 1440]] },
    // Twelve in the morning is noon to some and midnight to others: neither.
    { say: ['in the morning', 'morning'], ranges: [[60, 720]] },
    { say: ['this morning'], ranges: [[60, 720]], day: 0 },
    { say: ['in the afternoon', 'afternoon'], ranges: [[720, 1140]] },
    { say: ['this afternoon'], ranges: [[720, 1140]], day: 0 },
    { say: ['in the evening', 'evening'], ranges: [[960, 1440]] },
    { say: ['this evening', 'tonight'], ranges: [[960, 1440]], day: 0 },
    { say: ['at night', 'night'], ranges: [[0, 300], [1080, 1440]] },
  ],
  later: [
    { say: 'in {count} hour|hours', minutes: 60 },
    { say: 'in {count} minute|minutes', minutes: 1 },
    { say: '{count} hour|hours from now', minutes: 60 },
    { say: '{count} minute|minutes from now', minutes: 1 },
    { say: 'in half an hour', minutes: 30 },
    { say: 'right now', minutes: 0 },
    { say: 'now', minutes: 0 },
  ],

  dateFillers: ['on', 'the', 'of'],
  months: {
    january: 1, february: 2, march: 3, april: 4, may: 5, june: 6, july: 7, august: 8, september: 9, october: 10, november: 11, december: 12,
    jan: 1, feb: 2, mar: 3, apr: 4, jun: 6, jul: 7, aug: 8, sep: 9, sept: 9, oct: 10, nov: 11, dec: 12,
  },
  weekdays: {
    monday: 1, tuesday: 2, wednesday: 3, thursday: 4, friday: 5, saturday: 6, sunday: 7,
    mon: 1, tue: 2, tues: 2, wed: 3, thu: 4, thurs: 4, fri: 5, sat: 6, sun: 7,
  },
  days: { today: 0, tomorrow: 1, 'day after tomorrow': 2, yesterday: -1, 'day before yesterday': -2 },
  ordinals: {
    first: 1, second: 2, third: 3, fourth: 4, fifth: 5, sixth: 6, seventh: 7, eighth: 8, ninth: 9, tenth: 10, eleventh: 11, twelfth: 12,
    thirteenth: 13, fourteenth: 14, fifteenth: 15, sixteenth: 16, seventeenth: 17, eighteenth: 18, nineteenth: 19, twentieth: 20, thirtieth: 30,
  },
  ordinalSuffixes: ['st', 'nd', 'rd', 'th'],
  dates: [
    { say: '{month} {day} {year}', means: 'date' },
    { say: '{day} {month} {year}', means: 'date' },
    { say: '{month} {day}', means: 'date_without_year' },
    { say: '{day} {month}', means: 'date_without_year' },
    { say: '{weekday}', means: 'weekday' },
    { say: 'this|coming {weekday}', means: 'this_weekday' },
    { say: 'this coming {weekday}', means: 'this_weekday' },
    { say: 'next {weekday}', means: 'next_weekday' },
    { say: 'in {count} day|days', means: 'days' },
    { say: '{count} day|days from now|today', means: 'days' },
    { say: 'in {count} week|weeks', means: 'weeks' },
    { say: '{count} week|weeks from now|today', means: 'weeks' },
  ],
  dotsInDates: false,
  yearInPairs: true,

  currencies: {
    dollar: DOLLARS, dollars: DOLLARS, bucks: DOLLARS, 'us dollar': 'USD', 'us dollars': 'USD', 'american dollars': 'USD',
    'canadian dollar': 'CAD', 'canadian dollars': 'CAD', 'australian dollar': 'AUD', 'australian dollars': 'AUD',
    euro: 'EUR', euros: 'EUR', pound: POUNDS, pounds: POUNDS, 'british pounds': 'GBP', 'pounds sterling': 'GBP', sterling: 'GBP', quid: 'GBP',
    yen: 'JPY', 'swiss francs': 'CHF', 'swiss franc': 'CHF', rupees: { IN: 'INR', PK: 'PKR', LK: 'LKR' }, peso: PESOS, pesos: PESOS,
    'mexican pesos': 'MXN',
  },
  minorUnits: ['cent', 'cents', 'pence', 'penny', 'pennies'],
  minorJoiners: ['and'],
};
