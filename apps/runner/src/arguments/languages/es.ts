import type { Language } from '../spoken/language.ts';

const DOLLARS = { US: 'USD', PR: 'USD', EC: 'USD', SV: 'USD', PA: 'USD', CA: 'CAD' };
const PESOS = { MX: 'MXN', AR: 'ARS', CO: 'COP', CL: 'CLP', UY: 'UYU', DO: 'DOP', CU: 'CUP', PH: 'PHP' };

export const es: Language = {
  numbers: {
    cero: 0, un: 1, uno: 1, una: 1, dos: 2, tres: 3, cuatro: 4, cinco: 5, seis: 6, siete: 7, ocho: 8, nueve: 9, diez: 10, once: 11, doce: 12,
    trece: 13, catorce: 14, quince: 15, dieciséis: 16, diecisiete: 17, dieciocho: 18, diecinueve: 19, veinte: 20, veintiuno: 21, veintiún: 21,
    veintiuna: 21, veintidós: 22, veintitrés: 23, veinticuatro: 24, veinticinco: 25, veintiséis: 26, veintisiete: 27, veintiocho: 28,
    veintinueve: 29,
  },
  tens: { treinta: 30, cuarenta: 40, cincuenta: 50, sesenta: 60, setenta: 70, ochenta: 80, noventa: 90 },
  hundreds: {
    cien: 100, ciento: 100, doscientos: 200, doscientas: 200, trescientos: 300, trescientas: 300, cuatrocientos: 400, cuatrocientas: 400,
    quinientos: 500, quinientas: 500, seiscientos: 600, seiscientas: 600, setecientos: 700, setecientas: 700, ochocientos: 800,
    ochocientas: 800, novecientos: 900, novecientas: 900,
  },
  hundred: [],
  scales: { mil: 1_000, millón: 1_000_000, millones: 1_000_000 },
  one: [],
  bareScales: true,
  unitBeforeTens: false,
  tensJoiner: 'y',
  joiner: null,
  compounds: false,
  negative: ['menos'],
  decimalPoint: ['coma', 'punto'],
  andAHalf: ['y medio', 'y media'],
  decimalComma: true,

  zeroInDigits: [],
  repeats: { doble: 2, triple: 3 },
  plus: ['más'],

  yes: ['sí', 'si', 'verdadero', 'correcto'],
  no: ['no', 'falso', 'incorrecto'],

  symbols: {
    '@': ['arroba'],
    '.': ['punto'],
    _: ['guion bajo', 'subrayado', 'barra baja'],
    '-': ['guion', 'guion medio'],
    '+': ['más'],
  },
  // Not "de", "te" and "ve", which are words of names and sentences, too.
  letters: {
    be: 'b', ce: 'c', efe: 'f', ge: 'g', hache: 'h', jota: 'j', ka: 'k', ele: 'l', eme: 'm', ene: 'n', pe: 'p', cu: 'q', erre: 'r',
    ese: 's', uve: 'v', 'uve doble': 'w', 'doble ve': 'w', equis: 'x', 'i griega': 'y', ye: 'y', zeta: 'z',
  },
  letterExamples: ['de', 'como'],

  timeFillers: ['a', 'las', 'la', 'minutos', 'punto', 'en', 'son', 'horas', 'el', 'del'],
  times: [
    { say: '{hour}' },
    { say: '{hour} {minutes}', sign: 1 },
    { say: '{hour} y {minute}', sign: 1 },
    { say: '{hour} y media', minutes: 30 },
    { say: '{hour} y cuarto', minutes: 15 },
    { say: '{hour} menos cuarto', minutes: -15 },
    { say: '{hour} menos {minute}', sign: -1 },
    { say: 'cuarto para {hour}', minutes: -15 },
    { say: '{minute} para {hour}', sign: -1 },
    { say: '{hour} cero {minute}', sign: 1 },
  ],
  namedTimes: { mediodía: 720, 'medio día': 720, medianoche: 0, 'media noche': 0 },
  dayParts: [
    { say: ['am', 'a m'], ranges: [[0, 720]] },
    { say: ['pm', 'p m'], ranges: [[720, 1440]] },
    { say: ['de la madrugada', 'madrugada'], ranges: [[0, 360]] },
    // Noon is "las doce de la mañana" to some: neither.
    { say: ['de la mañana', 'por la mañana', 'en la mañana'], ranges: [[60, 720]] },
    { say: ['esta mañana'], ranges: [[60, 720]], day: 0 },
    { say: ['de la tarde', 'por la tarde', 'en la tarde', 'tarde'], ranges: [[720, 1260]] },
    { say: ['esta tarde'], ranges: [[720, 1260]], day: 0 },
    { say: ['de la noche', 'por la noche', 'en la noche', 'noche'], ranges: [[0, 240], [1080, 1440]] },
    { say: ['esta noche'], ranges: [[1080, 1440]], day: 0 },
  ],
  later: [
    { say: 'en|dentro {count} hora|horas', minutes: 60 },
    { say: 'dentro de {count} hora|horas', minutes: 60 },
    { say: 'en {count} minuto|minutos', minutes: 1 },
    { say: 'dentro de {count} minuto|minutos', minutes: 1 },
    { say: 'en media hora', minutes: 30 },
    { say: 'ahora', minutes: 0 },
  ],

  dateFillers: ['el', 'de', 'del', 'día', 'a', 'para'],
  months: {
    enero: 1, febrero: 2, marzo: 3, abril: 4, mayo: 5, junio: 6, julio: 7, agosto: 8, septiembre: 9, setiembre: 9, octubre: 10, noviembre: 11,
    diciembre: 12,
  },
  weekdays: { lunes: 1, martes: 2, miércoles: 3, jueves: 4, viernes: 5, sábado: 6, domingo: 7 },
  days: { hoy: 0, mañana: 1, 'pasado mañana': 2, ayer: -1, anteayer: -2, antier: -2 },
  ordinals: { primero: 1, primer: 1 },
  ordinalSuffixes: ['º', 'ro', 'er', 'o'],
  dates: [
    { say: '{day} {month} {year}', means: 'date' },
    { say: '{day} {month}', means: 'date_without_year' },
    { say: '{weekday}', means: 'weekday' },
    { say: 'este {weekday}', means: 'this_weekday' },
    { say: 'próximo {weekday}', means: 'next_weekday' },
    { say: '{weekday} próximo', means: 'next_weekday' },
    { say: '{weekday} que viene', means: 'next_weekday' },
    { say: 'en|dentro {count} día|días', means: 'days' },
    { say: 'en|dentro {count} semana|semanas', means: 'weeks' },
  ],
  dotsInDates: false,
  yearInPairs: false,

  currencies: {
    dólar: DOLLARS, dólares: DOLLARS, 'dólares americanos': 'USD', 'dólares estadounidenses': 'USD', euro: 'EUR', euros: 'EUR', peso: PESOS,
    pesos: PESOS, 'pesos mexicanos': 'MXN', 'pesos argentinos': 'ARS', 'pesos colombianos': 'COP', 'pesos chilenos': 'CLP', soles: 'PEN',
    'libras esterlinas': 'GBP', 'francos suizos': 'CHF', yenes: 'JPY',
  },
  minorUnits: ['centavo', 'centavos', 'céntimo', 'céntimos', 'centimos'],
  minorJoiners: ['con', 'y'],
};
