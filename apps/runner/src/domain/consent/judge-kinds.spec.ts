import { describe, expect, it } from '@jest/globals';
import type { ConsentLanguageCode } from './consent-judge.ts';
import { judgeConsent } from './judge-consent.ts';

interface Kind {
  kind: string;
  language: ConsentLanguageCode;
  readBack: string;
  arguments?: Record<string, unknown>;
  agrees: string[];
  doesNot: string[];
}

const KINDS: Kind[] = [
  { kind: 'what ends', language: 'en', readBack: 'I will cancel your gym membership as of May 31st.', agrees: ['yes please cancel it', "yes i don't go there anymore", 'cancel it please'], doesNot: ['yes cancel my card', 'yes keep it', "yes i don't want to cancel anymore", 'yes cancel the cancellation'] },
  { kind: 'what may be ended', language: 'en', readBack: 'I will book room 12; you can cancel until Friday.', agrees: ['yes book it'], doesNot: ['yes cancel', 'cancel it'] },
  { kind: 'what changes', language: 'en', readBack: 'I will move your order from Monday to Tuesday.', agrees: ['yes make that change', 'yes tuesday works better'], doesNot: ['yes move it to wednesday', 'yes and change the restaurant', 'yes keep monday too'] },
  { kind: 'what there is none of', language: 'en', readBack: 'I will check in 1 passenger with no checked bags.', agrees: ['yes no checked bags'], doesNot: ['yes with one bag'] },
  { kind: 'what an argument says there is none of', language: 'en', readBack: 'I am about to reserve car with add insurance false and car type Sedan.', arguments: { add_insurance: false, car_type: 'Sedan' }, agrees: ["yes i don't need any insurance", "that's right, i won't be needing insurance", 'yes without insurance', 'yes how much is the insurance'], doesNot: ['yes with insurance', 'yes insured please', 'yes can you add insurance', "that's right no i want insurance"] },
  { kind: 'years asked for out of interest', language: 'en', readBack: 'I will play Shallow in the kitchen.', agrees: ['Yes, is it from 2018?', "Perfect. Did it come out in '18?", 'yes was it released two years ago'], doesNot: ['yes from 2018', 'is it from 2018'] },
  { kind: 'years where a day was read', language: 'en', readBack: 'I will book the hall for May 5th.', agrees: ['yes may fifth'], doesNot: ['Yes, is it for 2027?', 'Yes. Is that from the year 2027?'] },
  { kind: 'questions that ask whether it is so', language: 'en', readBack: 'I will play Shallow in the kitchen.', agrees: ['yes is it a pop song'], doesNot: ['Yes. Is it on the patio speaker?', 'yes can it be outside', 'yes will it be on the big screen'] },
  { kind: 'properties asked for out of interest', language: 'en', readBack: 'I will schedule a visit to Aspen Court.', agrees: ['That is right. Does it have a garage and 1 bathroom?', 'Sure. Smoking is allowed there?', 'Yes. Is it 10 minutes from downtown?', 'yes do they allow pets or not'], doesNot: ['Yes. For 2 people?', 'Yes. Can I come at 2?', 'Yes or not?', 'Yes. Is there a visit on the 12th?'] },
  { kind: 'what is asked behind a yes', language: 'en', readBack: 'I will schedule a visit to Aspen Court on May 5th.', agrees: ['Yes. Whether pets are permitted?', 'Correct. It is furnished?', 'Yes, that is it. Price of the rent?', "That's right. Please get me the property's phone number and find out whether it has a garage.", 'Yes, please also tell me how far it is.', 'Yes that is right and can you tell me if it has a pool?', 'yup see if dogs are no problem', 'That is correct. Get me their user rating.', 'Yes, please do. What was its release year?', 'What is the rent and yes that works.', "That suits me. Can you tell me if the rent is not too high?", "Yes that is it. I'll need their address though.", 'Yes. What is the price for each night?'], doesNot: ['Yes. For my mother?', 'Yes, see if you can make it a house', "sure, and it's the corner unit, is it?", 'sure, is it rude do you think?', 'Yes. What was the time?', 'Yes though I would rather see a house', 'Yes. It is not the 6th?', 'what is the rent and no'] },
  { kind: 'an okay where nothing was asked', language: 'en', readBack: 'I will schedule a visit to Aspen Court on May 5th.', agrees: ['okay great'], doesNot: ['okay', 'Alright.'] },
  { kind: 'the words of the question', language: 'en', readBack: 'A new event, Review, on May 5th from 2 to 3 pm. Shall I save it?', agrees: ['save it please', 'Save it, thanks.'], doesNot: ['save it for later', 'save it?', 'save my place'] },
  { kind: 'an order and a question', language: 'en', readBack: 'Please confirm: rent Aspen with no subtitles.', agrees: ['Confirm. Who stars in it?', 'Confirm.'], doesNot: ['Confirm?', 'Confirm what?'] },
  { kind: 'minutes before and after the hour', language: 'en', readBack: 'Two seats on the coach on May 5th at 14:40. Is that correct?', agrees: ['yes twenty to three', 'yes at twenty to three please'], doesNot: ['yes ten to three', 'yes twenty past two', 'yes twenty to four'] },
  { kind: 'from one hour to another', language: 'en', readBack: 'The court from 10 to 12 on May 5th. Is that correct?', agrees: ['yes from ten to twelve'], doesNot: ['yes from ten to eleven'] },
  { kind: 'a no with an order', language: 'en', readBack: 'Confirming a shared ride for 3 to Bloedel Conservatory.', agrees: ["no, that's fine, go ahead", 'no that is everything, please go ahead'], doesNot: ['No, make that one person please.', 'No, make that one.', 'no, order the ride for 3'] },
  { kind: 'how many of us', language: 'en', readBack: 'A double room for 2 guests from March 4th to 8th.', agrees: ['yeah for the two of us'], doesNot: ['yeah that one, for the four of us', 'yes four of us'] },
  { kind: 'accounts', language: 'en', readBack: 'I will transfer $90 from your savings account to the savings account of Yumi.', agrees: ['yes, thanks for your help'], doesNot: ['yes for checking', 'yes, book it for checking'] },
  { kind: 'what begins like a word that was read', language: 'en', readBack: 'Please confirm a regular ride to Oakland.', agrees: ['yes confirmed'], doesNot: ['yes, Pleasanton', 'yes, Pool', 'yes pool please'] },
  { kind: 'buying and selling', language: 'en', readBack: 'I will sell 20 shares of Acme. Shall I proceed?', agrees: ['yes sell', 'yes please sell them'], doesNot: ['yes, buy', 'yes buy them'] },
  { kind: 'the price of one', language: 'en', readBack: 'I will buy 3 tickets for Saturday.', agrees: ['Yes. How much is one ticket?', 'yes what is the price of a single ticket'], doesNot: ['yes one ticket', 'Yes, how much for two tickets?', 'yes a single ticket'] },
  { kind: 'spelled digits', language: 'en', readBack: 'I will charge the card ending in 3308.', agrees: ['yes three three oh eight', 'yes thirty three oh eight'], doesNot: ['yes thirty three eighty', 'yes three oh three eight'] },
  { kind: 'exclusive choices', language: 'en', readBack: 'I will pay $40 from your checking account, by card.', agrees: ['yes from checking', 'yes forty bucks'], doesNot: ['yes from savings', 'yes in euros', 'yes cash'] },
  { kind: 'one of several, or the sum', language: 'en', readBack: 'The upgrade costs $30 per night. Shall I do it?', agrees: ['yes thirty per night'], doesNot: ['yes thirty total'] },
  { kind: 'reasons', language: 'en', readBack: 'I will block your debit card.', agrees: ['yes i lost it yesterday', 'yes it was stolen', 'yes before anyone uses it'], doesNot: ['yes i lost it so block the other one too'] },
  { kind: 'seats', language: 'en', readBack: 'I will book seat 14C.', agrees: ['yes fourteen c'], doesNot: ['yes fourteen a'] },
  { kind: 'a day later', language: 'de', readBack: 'Ich reserviere einen Tisch am 3. März, stimmt das?', agrees: ['leider ja', 'ja, am dritten März'], doesNot: ['ja, einen Tag später', 'okay und weiter'] },
  { kind: 'minutes beside the half hour', language: 'de', readBack: 'Der Zug geht um 7:25 Uhr. Soll ich buchen?', agrees: ['ja fünf vor halb acht'], doesNot: ['ja fünf nach halb acht', 'ja halb acht'] },
  { kind: 'an order for later', language: 'es', readBack: 'Le mando a Laura el mensaje. ¿Lo envío?', agrees: ['envíalo', 'sí por desgracia'], doesNot: ['envíalo cuando te vuelva a llamar', 'sí, cuando suban'] },
  { kind: 'numbers', language: 'de', readBack: 'Ich überweise 1200 Euro an Robert Hagen.', agrees: ['ja tausendzweihundert euro', 'ja zwölfhundert euro an herrn hagen'], doesNot: ['ja tausendzweihundertfünfzig euro', 'ja zwölftausend'] },
  { kind: 'what ends', language: 'de', readBack: 'Sie möchten Ihr Abo zum 30. Juni kündigen.', agrees: ['ja bitte kündigen', 'ja ich nutze es nicht mehr'], doesNot: ['ja kündigen sie die kündigung', 'ja ich will nicht mehr kündigen'] },
  { kind: 'one of three', language: 'de', readBack: 'Ich reserviere ein Zimmer für 3 Nächte.', agrees: ['ja drei nächte'], doesNot: ['ja für eine nacht'] },
  { kind: 'a yes with its accent', language: 'es', readBack: 'Le doy cita el jueves a las 9:15. ¿Le viene bien?', agrees: ['sí me viene bien', 'sí no hay problema'], doesNot: ['sí si me llaman antes', 'sí siempre que sea gratis'] },
  { kind: 'orders with objects', language: 'es', readBack: 'Voy a reservar una mesa para 4 personas.', agrees: ['sí resérvemela', 'sí puede reservarla'], doesNot: ['sí resérvela para cinco', 'sí y mi hermano también'] },
];

describe.each(KINDS)('judging $kind, in "$language"', ({ language, readBack, arguments: given, agrees, doesNot }) => {
  it.each(agrees)('takes "%s" for a yes', (words) => {
    expect(judgeConsent({ words, language, readBack, arguments: given })).toMatchObject({ verdict: 'affirm' });
  });

  it.each(doesNot)('does not take "%s" for a yes', (words) => {
    expect(judgeConsent({ words, language, readBack, arguments: given }).verdict).not.toBe('affirm');
  });
});
