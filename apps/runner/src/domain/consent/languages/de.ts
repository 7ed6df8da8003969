import type { ConsentLanguage } from '../consent-language.ts';
import { germanAnswers } from './de-answers.ts';
import { germanQuestions } from './de-questions.ts';
import { germanTopics } from './de-topics.ts';

export const german: ConsentLanguage = {
  spellings: { ok: 'okay', oke: 'okay', okee: 'okay', 'is': 'ist', isses: 'ist es', ists: 'ist es', "ist's": 'ist es', "geht's": 'geht es', gehts: 'geht es', gibts: 'gibt es', "gibt's": 'gibt es', wirs: 'wir es', ichs: 'ich es', ers: 'er es', passts: 'passt es', "passt's": 'passt es', "stimmt's": 'stimmt es', "hab's": 'habe es', hab: 'habe', nehm: 'nehme', buch: 'buche', mach: 'mache', machs: 'mache es', "mach's": 'mache es', bittschön: 'bitte', zum: 'zu dem', zur: 'zu der', aufs: 'auf das', ans: 'an das', ins: 'in das', ums: 'um das', beim: 'bei dem', vom: 'von dem', nö: 'nein', nee: 'nein', ne: 'nein', nä: 'nein', nope: 'nein', jep: 'ja', jap: 'ja', jo: 'ja', joa: 'na ja', jupp: 'ja', jup: 'ja', yes: 'ja', yep: 'ja', jawoll: 'jawohl', nich: 'nicht', net: 'nicht', sorry: 'entschuldigung', nix: 'nichts', dankeschön: 'danke', tschuldigung: 'entschuldigung' },
  phrases: { ...germanAnswers, ...germanQuestions, ...germanTopics },
  orders: {
    verbs: 'stellen sie, setzen sie, legen sie, nehmen sie, geben sie, führen sie, leiten sie, richten sie, schließen sie, melden sie, verlängern sie, aktivieren sie, sperren sie, speichern sie, übernehmen sie, veranlassen sie, vereinbaren sie, bearbeiten sie, buchen, reservieren, bestätigen, senden, schicken, bestellen, kaufen, machen, überweisen, buche, reserviere, bestätige, sende, schicke, bestelle, kaufe, überweise, buchen sie, reservieren sie, bestätigen sie, senden sie, schicken sie, bestellen sie, kaufen sie, überweisen sie, spielen sie, tragen sie, mieten, mieten sie, bezahlen, bezahlen sie', objects: 'mich, uns, ihn, es, das, sie das bitte, sie bitte, sie den termin, sie die reservierung, sie den tisch, sie ihn bitte, sie es bitte',
    please: 'bitte machen, bitte machen sie das, bitte buchen sie, bitte buchen sie das, bitte reservieren sie, bitte bestätigen sie, bitte senden sie',
  },
  questions: {
    openers: '',
    strong: 'wo ist, wo ist das, was macht das, was kostet, wie viel, wie lange, wie weit, wie hoch, wie teuer, wann, was kostet, was kostet das, um wie viel uhr, können sie mir sagen, können sie mir noch sagen',
    words: 'was, welche, welchen, welchem, welcher, welches, wem, wen, wer, wann, wo, wie viel, wie viele, wie vielen, wie lange, wie, wohin, woher, warum, wieso',
    verbs: 'ruft, klingelt, fährt, hält, hilft, reicht, stimmt, dauert, gilt, braucht, brauche, bekommt, bekomme, kriegt, kriege, nimmt, nehmen, akzeptieren, bieten, läuft, bleibt, kommt, kommen, steht, beginnt, öffnet, schließt, zahlt, zahlen, soll, sollen, müssen, dürfen, können, hätte, wäre, gäbe, zählt, zählen, passiert, hält, parken, schicken, bringen, brauchen, meldet, ruft, ist, sind, hat, haben, kann, wird, gibt, geht, liegt, fährt, muss, darf, war, werden, kostet', subjects: 'es, das, die, der, da, dort, sie dort, sie da, sie auch, ich, man, wir, ihr, denn, sie, die das, man da, man dort, mein, meine, eigentlich, dafür, dabei, jemand, ich da, ich dann, ich denn' },
  articles: {
    definite: 'der, die, das, den, dem, des, dieser, diese, dieses, diesen, diesem, mein, meine, meinen, meiner, unser, unsere, unseren, ihr, ihre, ihren, alle',
    indefinite: 'ein, eine, einen, einem, einer, und, auch, oder, mit, als, in, an, auf, bei, nach, zu, von, ab, aus, per, über',
  },
  prepositions: 'für, an, auf, bei, mit, nach, zu, von, ab, aus, in, per, über, vor',
  senses: 'klingt, scheint, wirkt',
  demonstratives: 'dieser, diese, dieses, diesen, diesem',
  thanks: 'danke, vielen, herzlichen',
  conditions: 'wenn, falls',
  movings: { verbs: 'ändern, ändere, ändern sie, verlegen, verlege, verlegen sie, verschieben, verschiebe, verschieben sie, umbuchen, wechseln, wechsle, umstellen, aktualisieren', phrases: 'statt, anstatt, stattdessen, besser, passt besser, geht besser, ist besser, anstelle' },
  fondness: 'liebe, mag, kenne, lieben, mögen, kennen',
  keeps: 'lassen sie es, lassen, behalten, behalte, behalten sie, bleiben, belassen',
  assents: { words: 'okay, alles klar', askedWith: 'bestätig, confirm' },
  settles: 'soll es sein, ist es, ist gebongt',
  thinking: 'ich höre sie, ich bin noch da, bin noch da, ich bin da, am apparat, mal sehen, mal schauen, hm, hmm, mmm, lassen sie mich schauen, lassen sie mich überlegen, ich schaue mal, schauen wir mal',
  limits: 'nur, bloß, lediglich',
  endings: 'stornieren sie, kündigen sie, löschen sie, beenden sie, brechen sie ab, storniert, gekündigt, gelöscht, kündigen, kündige, stornieren, storniere, absagen, löschen, beenden, abmelden, abbestellen, auflösen, abbrechen, widerrufen',
  allowances: 'wenn, bis, kostenlos, gratis, jederzeit, können, kann',
  happenings: {
    subjects: 'meine sind, meins ist, meine ist, das geht, das ist, es geht, es ist, habe ich, haben wir, da gehen wir, da gehe ich, da waren wir, da war ich, ich weiß, wir wissen, darauf hatte ich, darauf habe ich, darauf haben wir, darauf hatten wir, ich arbeite, wir arbeiten, arbeite ich, ich habe, wir haben, ich hatte, wir hatten, die wurde, der wurde, das wurde, sie wurde, er wurde, es wurde, die ist, der ist, sie ist, mir wurde, mir ist, uns wurde, uns ist, ich bin, wir sind, ich war, wir waren, man hat, jemand hat, man hat mir, die haben',
    verbs: 'ausgegangen, gestern ausgegangen, leer, seit gestern weg, seit gestern kaputt, seit gestern, seit, seit tagen, ausgefallen, seit gestern ausgefallen, wo das ist, wo es ist, bescheid, immer hin, oft hin, nur gutes gehört, nur gutes, gutes gehört, viel gutes gehört, viel gehört, schon viel gehört, frei, gehofft, gewartet, von zu hause, sie gestern, es gestern, ihn gestern, sie gerade, sie verloren, es verloren, ihn verloren, mir gestohlen, gestohlen, geklaut, mir geklaut, verloren, umgezogen, gerade umgezogen, kaputt, kaputtgegangen, abgelaufen, weg, verschwunden, krank, lange gewartet, schon lange, schon so lange, schon gewartet, schon ewig, immer schon, vergessen, verpasst, verlegt, runtergefallen, mich schon, uns schon, davon gehört, darauf gehofft, darauf gewartet, sowieso, eh, sie geklaut, die geklaut, beklaut',
  },
  comparisons: {
    adjectives: 'günstiger, billiger, früher, schneller, näher, schöner, besser, mehr, weniger, einfacher, viel günstiger, viel besser',
    tails: 'als gedacht, als erwartet, als ich dachte, als ich gedacht habe, als ich gedacht hätte, als ich erwartet habe, als befürchtet, als beim letzten mal, als letztes mal, als vorher, als wir dachten',
  },
  intents: 'ich werde, wir werden, ich kann, wir können',
  particles: 'ab, an, auf, aus, ein, los, raus, rein, durch, vor, um, fort, weiter, frei, zu, hin, her, nach, zurück',
  names: 'frau, herr, herrn, mensch, mann, dame, freund, ernst, wolf, fritz, rose, engel, klein, lang',
  askedValues: {
    origins: 'veröffentlicht, erschienen, erschien, herausgekommen, rausgekommen, gedreht, aufgenommen, jahr',
    ago: 'jahre alt, jahren',
    measures: 'sterne, stern, minuten, minute, kilometer, prozent, grad, badezimmer, bäder, schlafzimmer, stockwerke, etagen',
    having: 'hat es, hat das, hat die, hat der, haben sie, haben die, gibt es',
    prices: 'wie viel, wieviel, preis, kostet, kosten',
    one: 'ein, eine, einen',
  },
  wants: {
    verbs: 'ich, wir, will, wollen, möchte, möchten, brauche, brauchen, benötige, nehme, habe, haben, mit',
    determiners: 'die, den, das, der, eine, einen, ein, weitere, zusätzliche, extra',
  },
  noNegates: false,
  values: {
    numbers: { ...hundreds(), null: 0, tausend: 1000, eintausend: 1000, eins: 1, zwei: 2, zwo: 2, drei: 3, vier: 4, fünf: 5, sechs: 6, sieben: 7, acht: 8, neun: 9, zehn: 10, elf: 11, zwölf: 12, dreizehn: 13, vierzehn: 14, fünfzehn: 15, sechzehn: 16, siebzehn: 17, achtzehn: 18, neunzehn: 19, zwanzig: 20, einundzwanzig: 21, zweiundzwanzig: 22, dreiundzwanzig: 23, vierundzwanzig: 24, dreißig: 30, vierzig: 40, fünfzig: 50, sechzig: 60, hundert: 100 },
    ordinals: ordinals(),
    weekdays: 'sonntag sonntags, montag montags, dienstag dienstags, mittwoch mittwochs, donnerstag donnerstags, freitag freitags, samstag sonnabend samstags',
    months: 'januar jänner, februar, märz, april, mai, juni juno, juli, august, september, oktober, november, dezember',
    relative: 'heute, morgen, übermorgen, gestern, mittag, mitternacht, abend, nachmittag, vormittag, woche, wochenende, monat, beide, beiden, paar, dutzend, doppelzimmer, einzelzimmer, abends, morgens, nachmittags, mittags',
    timeBefore: 'um, gegen, ab, bis', beforeMonths: '', dayBefore: 'am, den, der', timeAfter: 'uhr, h',
    minutesBefore: { 'zehn vor': -10, 'zwanzig vor': -20, 'fünf vor': -5, 'zehn nach': 10, 'zwanzig nach': 20, 'fünf nach': 5, 'fünf vor halb': -35, 'fünf nach halb': -25, dreiviertel: -15, halb: -30, 'viertel nach': 15, 'viertel vor': -15, 'um halb': -30 }, minutesAfter: {},
    halves: { morgens: 'am', vormittags: 'am', frühmorgens: 'am', nachmittags: 'pm 12 18', vormittag: 'am', nachmittag: 'pm 12 18', abend: 'pm 16 24', abends: 'pm 16 24', mittags: 'pm 12 15', 'am morgen': 'am', 'am vormittag': 'am', 'am nachmittag': 'pm 12 18', 'am abend': 'pm 16 24' }, units: 'person personen leute erwachsene gäste, tickets ticket karten karte, nacht nächte, zimmer, euro, stunden stunde, tage tag', peopleAfter: 'von uns', countBefore: 'für, mit, zu',
    past: 'tagen, wochen, monaten, jahren, stunden, gestern, vorgestern, heute, woche, monat, abend, wochenende',
    totals: 'insgesamt, zusammen, alles zusammen, gesamt',
    distributive: 'pro person, pro kopf, pro karte, pro nacht, pro tag, pro monat, im monat, pro stück, pro ticket, jeweils, monatlich',
    sameAs: {},
    pronouns: '',
    pointers: '',
    twos: 'beide, beiden',
    is24h: true,
    ones: 'ein, eine, einen, einer',
    zeros: '',
    joins: 'und',
    choices: ['verkaufen verkaufe verkauft verkauf, kaufen kaufe gekauft kauf', 'liefern lieferung geliefert zustellen zustellung, abholung abholen hole hol abgeholt', 'drinnen innen, draußen außen terrasse', 'euro euros €, dollar dollars $, franken chf, pfund £, kronen', 'girokonto giro, sparkonto sparbuch, tagesgeldkonto tagesgeld, kreditkarte, festgeldkonto', 'economy, business, premium', 'klein kleine kleinen kleines, mittel mittlere mittleren mittleres, groß große großen großes', 'straße strasse str, allee, weg, platz, gasse, ring, damm', 'erdgeschoss, dachgeschoss, hinterhaus', 'frühstück, mittagessen, abendessen', 'monatlich, wöchentlich, jährlich, täglich', 'einzelzimmer, doppelzimmer, suite'],
    alone: 'nur ich, nur für mich',
    directions: 'von, ab, nach, bis, zu',
  },
};

/** Written in one word: "zweihundertfünfzig". */
function hundreds(): Record<string, number> {
  const ones = ['', 'ein', 'zwei', 'drei', 'vier', 'fünf', 'sechs', 'sieben', 'acht', 'neun'];
  const teens = ['zehn', 'elf', 'zwölf', 'dreizehn', 'vierzehn', 'fünfzehn', 'sechzehn', 'siebzehn', 'achtzehn', 'neunzehn'];
  const tens = ['zwanzig', 'dreißig', 'vierzig', 'fünfzig', 'sechzig', 'siebzig', 'achtzig', 'neunzig'];
  const small = [...ones.with(1, 'eins'), ...teens, ...tens.flatMap((ten) => ones.map((one) => (one ? `${one}und${ten}` : ten)))];
  const teenHundreds = teens.slice(1).map((teen, index) => [`${teen}hundert`, 1100 + index * 100] as const);
  const all = ones.flatMap((one, hundred) => small.map((rest, value) => [`${hundred ? `${one}hundert` : ''}${rest}`, hundred * 100 + value] as const));
  const below = all.filter(([word]) => word !== '');
  const rests = [['', 0] as const, ...below.filter(([, value]) => value % 50 === 0)];
  const thousands = [...ones.with(1, 'ein').slice(1), ...teens, 'zwanzig', ''].flatMap((many, index) =>
    rests.map(([rest, value]) => [`${many}tausend${rest}`, ((index % 20) + 1) * 1000 + value] as const));
  return Object.fromEntries([...below, ...teenHundreds, ...thousands]);
}

/** "Siebte" and "siebten"; from twenty on with an s. */
function ordinals(): Record<string, number> {
  const special = new Map([[1, 'erst'], [3, 'dritt'], [7, 'siebt'], [8, 'acht']]);
  const words = Object.entries(hundreds()).filter(([, value]) => value > 0 && value < 32);
  return Object.fromEntries(
    words.flatMap(([word, value]) => ['e', 'en', 'er'].map((end) => [`${special.get(value) ?? `${word}${value < 20 ? 't' : 'st'}`}${end}`, value] as const)),
  );
}
