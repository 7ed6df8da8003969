import { describe, expect, it } from '@jest/globals';
import { judgeConsent } from './judge-consent.ts';

const readBack = 'Ich reserviere einen Tisch für 2 Personen im Restaurant Adler am 4. März um 19 Uhr. Ist das richtig?';
const judge = (words: string) => judgeConsent({ words, language: 'de', readBack, arguments: { restaurant: 'Adler', personen: 2, datum: '2026-03-04', uhrzeit: '19:00' } });

describe('judging a German answer', () => {
  it.each([
    'Ja', 'ja bitte', 'Ja, genau.', 'Jawohl', 'ja klar', 'Klar doch', 'na klar', 'Genau', 'Richtig', 'das ist richtig', 'Stimmt', 'ja das stimmt so', 'Korrekt, danke', 'Gerne', 'ja gerne', 'Passt', 'das passt mir gut', 'Passt perfekt, danke', 'In Ordnung', 'ist in Ordnung', 'Alles gut, machen Sie das', 'okay, passt', 'okay', 'alles klar', 'Perfekt, vielen Dank',
    'Super', 'kein Problem, machen Sie das', 'nein, das stimmt', 'warum nicht', 'Bitte buchen', 'ja, buchen Sie das bitte', 'Einverstanden', 'so machen wir das', 'Ja, für zwei Personen', 'ja um 19 Uhr', 'ja, am 4. März', 'Ja, um sieben', 'Ja. Wie ist die Adresse?', 'ja bitte was kostet das', 'Passt, gibt es dort Parkplätze?', 'Ja, können Sie mir sagen, wie lange das dauert?',
    'das klingt gut, aber gibt es einen Parkplatz', 'äh ja', 'Ja, ich glaube das passt', 'jep', 'Auf jeden Fall', 'selbstverständlich', 'Ja, keine Änderungen', 'ja im Adler', 'Sehr gut, danke, tschüss', 'Ja natürlich', 'das wäre super',
  ])('takes "%s" for a yes', (words) => {
    expect(judge(words)).toMatchObject({ verdict: 'affirm' });
  });

  it.each([
    'Nein', 'nein danke', 'nee', 'nö', 'Das stimmt nicht', 'das ist falsch', 'Nicht richtig', 'Passt nicht', 'das passt mir nicht', 'auf keinen Fall', 'Lieber nicht', 'bitte nicht buchen', 'ja nein', 'noch nicht', 'Stornieren Sie das', 'vergessen Sie es', 'Ja, aber um fünf', 'ja, aber für drei', 'Ja, doch lieber um acht', 'lieber am Freitag', 'eigentlich sind wir drei',
    'Ja, am 5. März', 'ja um halb acht', 'statt zwei bitte vier', 'Können Sie es auf neun Uhr ändern?', 'ein anderes Restaurant', 'ich möchte einen Tisch am Fenster', 'ja, für fünf', 'okay aber morgen', 'Ich habe es mir anders überlegt', 'wie wäre es mit sechs', 'Nein, am Dienstag', 'gut, nur die Uhrzeit nicht',
  ])('never takes "%s" for a yes, and calls it a refusal or a change', (words) => {
    expect(['negate', 'changed']).toContain(judge(words).verdict);
  });

  it.each([
    'vielleicht', 'ich glaube schon', 'na ja', 'jein', 'weiß nicht', 'Moment', 'ja, einen Moment bitte', 'warten Sie mal', 'ja warte', 'okay...', 'mhm', 'alles klar?', 'okay und weiter', 'aha', 'danke', 'wie bitte?', 'Was war das nochmal?', 'noch einmal bitte', 'Ist das richtig?', 'ja, wenn es einen Parkplatz gibt', 'mehr oder weniger', 'mir egal', 'hallo?', 'was kostet das', 'ja die Terrasse', 'ja mein Bruder', 'tschüss',
    'kommt darauf an', 'ich bin nicht sicher', 'fast richtig', 'wahrscheinlich', 'meinetwegen', 'bitte', 'sind Sie sicher?', 'lassen Sie mich überlegen',
  ])('does not take "%s" for a yes', (words) => {
    expect(['unclear', 'negate', 'changed']).toContain(judge(words).verdict);
  });
});
