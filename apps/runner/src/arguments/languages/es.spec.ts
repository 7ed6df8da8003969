import { describe, expect, it } from '@jest/globals';
import { hear } from '../../../testing/hear.ts';

const UNDERSTOOD: [kind: string, spoken: string, value: string | number | boolean][] = [
  ['phone', 'seiscientos doce, treinta y cuatro, cincuenta y seis, setenta y ocho', '+34612345678'],
  ['phone', 'seis uno dos tres cuatro cinco seis siete ocho', '+34612345678'],
  ['phone', 'más treinta y cuatro seis uno dos tres cuatro cinco seis siete ocho', '+34612345678'],
  ['phone', '612 34 56 78', '+34612345678'],
  ['phone', 'seis doble uno dos tres cuatro cinco seis siete', '+34611234567'],
  ['email', 'juan punto perez arroba gmail punto com', 'juan.perez@gmail.com'],
  ['email', 'j u a n guion bajo r arroba ejemplo punto es', 'juan_r@ejemplo.es'],
  ['email', 'jota de juan p arroba ejemplo punto es', 'jp@ejemplo.es'],
  ['email', 'ana guion luz arroba ejemplo punto com', 'ana-luz@ejemplo.com'],
  ['time', 'las cinco y media de la tarde', '17:30'],
  ['time', 'cinco y cuarto de la mañana', '05:15'],
  ['time', 'las seis menos cuarto de la tarde', '17:45'],
  ['time', 'cuarto para las seis de la tarde', '17:45'],
  ['time', 'las diez de la noche', '22:00'],
  ['time', 'diecisiete treinta', '17:30'],
  ['time', 'las ocho y veinte de la mañana', '08:20'],
  ['time', 'las nueve menos diez de la noche', '20:50'],
  ['time', 'mediodía', '12:00'],
  ['time', 'a medianoche', '00:00'],
  ['time', 'las dos de la madrugada', '02:00'],
  ['time', 'las doce de la noche', '00:00'],
  ['time', 'las cinco en punto de la tarde', '17:00'],
  ['date', 'hoy', '2026-11-25'],
  ['date', 'mañana', '2026-11-26'],
  ['date', 'pasado mañana', '2026-11-27'],
  ['date', 'el viernes', '2026-11-27'],
  ['date', 'el próximo lunes', '2026-11-30'],
  ['date', 'el lunes que viene', '2026-11-30'],
  ['date', 'dentro de tres días', '2026-11-28'],
  ['date', 'en dos semanas', '2026-12-09'],
  ['date', 'el tres de marzo de dos mil veintisiete', '2027-03-03'],
  ['date', 'primero de mayo de 2027', '2027-05-01'],
  ['date', 'treinta y uno de diciembre de mil novecientos ochenta y cuatro', '1984-12-31'],
  ['date', '24/12/2026', '2026-12-24'],
  ['date-time', 'mañana a mediodía', '2026-11-26T12:00:00+01:00'],
  ['date-time', 'mañana a las cinco y media de la tarde', '2026-11-26T17:30:00+01:00'],
  ['date-time', 'mañana por la mañana a las nueve', '2026-11-26T09:00:00+01:00'],
  ['date-time', 'el viernes a las diez de la mañana', '2026-11-27T10:00:00+01:00'],
  ['date-time', 'esta tarde a las siete', '2026-11-25T19:00:00+01:00'],
  ['date-time', '2027-07-04T17:00', '2027-07-04T17:00:00+02:00'],
  ['date-time', 'en dos horas', '2026-11-25T20:00:00+01:00'],
  ['money', 'doce euros con cincuenta céntimos', '12.50 EUR'],
  ['money', 'doce euros', '12.00 EUR'],
  ['money', 'mil doscientos euros', '1200.00 EUR'],
  ['money', '12,50 €', '12.50 EUR'],
  ['money', '1.250,50 euros', '1250.50 EUR'],
  ['integer', 'veintitrés', 23],
  ['integer', 'veintitres', 23],
  ['integer', 'treinta y cuatro', 34],
  ['integer', 'quinientos', 500],
  ['integer', 'cien', 100],
  ['integer', 'ciento veinte', 120],
  ['integer', 'mil', 1000],
  ['integer', 'dos mil quinientos seis', 2506],
  ['integer', 'un millón doscientos mil', 1_200_000],
  ['integer', 'menos cinco', -5],
  ['number', 'tres coma cinco', 3.5],
  ['number', 'dos y medio', 2.5],
  ['number', '12,5', 12.5],
  ['number', '1.250,75', 1250.75],
  ['boolean', 'sí', true],
  ['boolean', 'si', true],
  ['boolean', 'no', false],
  ['digits', 'cero cero cuatro dos', '0042'],
  ['digits', 'doble cinco tres', '553'],
];

const REFUSED: [kind: string, spoken: string, problem: RegExp][] = [
  ['phone', 'seis uno dos', /not a complete phone number/],
  ['email', 'juan dos arroba gmail punto com', /"dos" may be a digit or a word/],
  ['time', 'las cinco', /05:00 \(morning\) or 17:00/],
  ['time', 'las cinco y media', /05:30 \(morning\) or 17:30/],
  ['time', 'las doce de la mañana', /contradictory/],
  ['date', 'el próximo viernes', /2026-11-27 or 2026-12-04/],
  ['date', 'el tres de marzo', /has no year/],
  ['date', '3/4/2027', /name of the month/],
  ['date-time', 'mañana a las cinco', /05:00 \(morning\) or 17:00/],
  ['date-time', 'mañana', /has no time/],
  ['money', 'doce pesos', /of which country the pesos are/],
  ['number', '1.250', /thousands or for decimals/],
  ['number', '1,250', /thousands or for decimals/],
];

describe('spoken Spanish', () => {
  it.each(UNDERSTOOD)('%s: "%s" is %s', (kind, spoken, value) => {
    expect(hear('es', kind, spoken)).toBe(value);
  });

  it.each(REFUSED)('%s: "%s" is refused with what to ask', (kind, spoken, problem) => {
    expect(hear('es', kind, spoken)).toMatch(problem);
  });

  it('takes pesos from the country of the agent', () => {
    expect(hear('es', 'money', 'doce pesos', 'MX')).toBe('12.00 MXN');
    expect(hear('es', 'money', 'doce pesos con cincuenta centavos', 'AR')).toBe('12.50 ARS');
  });
});
