import { describe, expect, it } from '@jest/globals';
import { judgeConsent } from './judge-consent.ts';

const readBack = 'Voy a reservar una mesa para 2 personas en Casa Lucio el 4 de marzo a las 7 de la tarde. ¿Es correcto?';
const judge = (words: string) => judgeConsent({ words, language: 'es', readBack, arguments: { restaurante: 'Casa Lucio', personas: 2, fecha: '2026-03-04', hora: '19:00' } });

describe('judging a Spanish answer', () => {
  it.each([
    'Sí', 'si', 'Sí, por favor.', 'sí sí', 'Claro', 'claro que sí', 'Por supuesto', 'Correcto', 'sí, es correcto', 'Exacto', 'Así es', 'de acuerdo', 'Adelante', 'vale, adelante', 'Está bien', 'esta bien gracias', 'Perfecto, muchas gracias', 'Muy bien',
    'me parece bien', 'Sí, resérvela', 'hágalo por favor', 'cómo no', 'no hay problema, adelante', 'no, está correcto', 'por qué no', 'Sí, para dos personas', 'sí, a las siete', 'sí, el 4 de marzo', 'Sí, ¿cuánto cuesta?', 'sí por favor cuál es la dirección', 'Sí. ¿Me puede decir el teléfono?',
    'Perfecto. ¿Tienen aparcamiento?', 'Está bien, pero ¿dónde está?', 'eh sí', 'bueno, sí', 'Suena bien', 'Sí, creo que está bien', 'confirmo', 'dale', 'sí señor', 'Sí, eso es lo que quiero', 'okay perfecto', 'vale', 'okay', 'Sí, todo está correcto', 'sí, sin cambios', 'eso es', 'Sí, en Casa Lucio', 'puede reservar',
  ])('takes "%s" for a yes', (words) => {
    expect(judge(words)).toMatchObject({ verdict: 'affirm' });
  });

  it.each([
    'No', 'no gracias', 'No, está mal', 'claro que no', 'No es correcto', 'eso no es lo que quiero', 'no lo reserve', 'mejor no', 'para nada', 'todavía no', 'Cancele', 'no quiero', 'sí, bueno, no', 'Sí, pero a las cinco', 'sí, pero para tres', 'sí, mejor a las ocho', 'Prefiero el viernes', 'que sean cuatro personas',
    'En realidad somos tres', 'Cámbielo a las nueve', 'sí, el 5 de marzo', 'sí, a las siete y media', 'otro restaurante', 'quiero una mesa en la terraza', 'sí, pero más tarde', 'vale, pero mañana', 'no, el martes', 'He cambiado de idea', '¿puede ser a las seis?', 'Sí, ¿y si lo cambiamos al jueves?', 'no está bien', 'sí, para cinco',
  ])('never takes "%s" for a yes, and calls it a refusal or a change', (words) => {
    expect(['negate', 'changed']).toContain(judge(words).verdict);
  });

  it.each([
    'supongo', 'creo que sí', 'tal vez', 'quizás', 'no sé', 'espere', 'sí, un momento', 'un momentito por favor', 'déjeme pensar', 'vale...', '¿vale?', 'okay y qué más', 'ajá', 'ya veo', 'gracias', '¿cómo?', '¿puede repetir?', '¿a qué hora era?', '¿es correcto?', 'sí, si tienen terraza', 'más o menos', 'sí y no', 'me da igual', 'hola', '¿cuánto cuesta?', 'sí, la terraza', 'sí mi hermano', 'adiós', 'depende', 'no estoy seguro', 'puede ser',
    '¿está bien?', 'casi correcto',
  ])('does not take "%s" for a yes', (words) => {
    expect(['unclear', 'negate', 'changed']).toContain(judge(words).verdict);
  });
});
