import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { ConsentLanguageCode } from '../domain/consent/consent-judge.ts';
import { judgeConsent } from '../domain/consent/judge-consent.ts';

/** A read-back, and answers that agree, refuse, ask and name other values. */
const CALLS: Record<ConsentLanguageCode, { readBack: string; answers: string[] }> = {
  en: {
    readBack: 'I will book a table for four on Friday, November 27 at 7 pm. Shall I?',
    answers: ['Yes, go ahead.', "No, that's not right, make it Thursday at half past five.", 'Um, is that by the window?', 'Hold on a second…'],
  },
  es: {
    readBack: 'Voy a reservar una mesa para cuatro el viernes 27 de noviembre a las siete. ¿De acuerdo?',
    answers: ['Sí, adelante.', 'No, mejor el jueves a las cinco y media.', '¿Está junto a la ventana?', 'Espere un momento…'],
  },
  de: {
    readBack: 'Ich buche einen Tisch für vier am Freitag, dem 27. November, um sieben Uhr. Soll ich?',
    answers: ['Ja, bitte machen Sie das.', 'Nein, lieber am Donnerstag um halb sechs.', 'Ist das am Fenster?', 'Moment mal, warten Sie…'],
  },
};
const ARGUMENTS = { date: '2026-11-27', time: '19:00', people: 4 };
/** Expressions are compiled on their first use, and again once they are used more. */
const ROUNDS = 3;

/** The judge is slow when it judges for the first time; no caller's first yes shall wait for that. */
@Injectable()
export class RehearseConsent implements OnModuleInit {
  onModuleInit(): void {
    for (let round = 0; round < ROUNDS; round++) {
      for (const [language, { readBack, answers }] of Object.entries(CALLS) as [ConsentLanguageCode, (typeof CALLS)['en']][]) {
        for (const words of answers) judgeConsent({ words, language, readBack, arguments: ARGUMENTS });
      }
    }
  }
}
