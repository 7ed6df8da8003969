import type { ConsentLanguage } from '../consent-language.ts';
import { englishAnswers } from './en-answers.ts';
import { englishTopics } from './en-topics.ts';

export const english: ConsentLanguage = {
  spellings: {
    "that's": 'that is', thats: 'that is', "it's": 'it is', "this's": 'this is', "what's": 'what is', whats: 'what is', "where's": 'where is',
    "how's": 'how is', "who's": 'who is', "when's": 'when is', "there's": 'there is', "here's": 'here is', "he's": 'he is', "she's": 'she is',
    "everything's": 'everything is', "all's": 'all is', "that'll": 'that will', "it'll": 'it will', "i'll": 'i will', "we'll": 'we will',
    "you'll": 'you will', "they'll": 'they will', "that'd": 'that would', "it'd": 'it would', "i'd": 'i would', "we'd": 'we would',
    "i'm": 'i am', im: 'i am', "i've": 'i have', ive: 'i have', "we're": 'we are', "we've": 'we have', "you're": 'you are', youre: 'you are',
    "you've": 'you have', youve: 'you have', "they're": 'they are', theyre: 'they are', "let's": 'let us', lets: 'let us',
    "don't": 'do not', dont: 'do not', "doesn't": 'does not', doesnt: 'does not', "didn't": 'did not', didnt: 'did not', "isn't": 'is not',
    isnt: 'is not', "aren't": 'are not', arent: 'are not', "wasn't": 'was not', wasnt: 'was not', "weren't": 'were not', "won't": 'will not',
    wont: 'will not', "wouldn't": 'would not', wouldnt: 'would not', "can't": 'can not', cant: 'can not', cannot: 'can not',
    "couldn't": 'could not', couldnt: 'could not', "shouldn't": 'should not', "haven't": 'have not', "hasn't": 'has not', "ain't": 'is not',
    aint: 'is not', okey: 'okay', ok: 'okay', k: 'okay', okie: 'okay', alrighty: 'alright', thankyou: 'thank you', gimme: 'give me',
    wanna: 'want to', gonna: 'going to', gotta: 'have got to', lemme: 'let me', "ma'am": 'madam', maam: 'madam', "o'clock": 'oclock', u: 'you',
    ur: 'your', "'s": 'is', pls: 'please', plz: 'please', thx: 'thanks', tel: 'tell', wat: 'what', wut: 'what', cuz: 'because',
  },
  phrases: { ...englishAnswers, ...englishTopics },
  orders: {
    verbs: `book, reserve, confirm, schedule, submit, send, order, buy, purchase, pay, rent, play, place, finalize, complete, process, set, arrange, do, take, transfer, get, create, register, post, share, run, start, approve,
      finish, charge, refund, stream, watch, request, grab, secure, use, execute, authorize, issue, return, make, name, book me, get me, reserve me, put in`,
    please: 'please book, please reserve, please confirm, please schedule, please proceed, please submit, please order, please purchase, please buy, please finalize, please complete, please process, please transfer, please pay, please rent',
    objects: `it, that, this, them, those, these, me in, the reservation, the booking, the appointment, the order, the tickets, the ticket, the table, the room, the payment, the ride, the flight, the cab, the taxi, that one, this one, the one`,
  },
  questions: {
    openers: 'is, are, does, do, was, were, did, has, will',
    verbs: `is, are, was, were, do, does, did, can, could, will, would, has, have, am, should, may`,
    subjects: `it, that, this, there, they, the, i, we, he, she, your, my, their, its, these, those, any, someone, anyone, everything`,
  },
  articles: {
    definite: 'the, that, this, those, these, my, our, your, their, its, his, her, is the, are the, both, all, same',
    indefinite: 'a, an, some, another, with, in, by, via, to, as, and, also, or, than, at, from',
  },
  prepositions: 'to, from, at, in, with, by, via, on, into, through',
  senses: 'sounds, sound, looks, look, seems, seem, feels, like',
  demonstratives: 'that, this, those, these',
  thanks: 'thank, thanks, appreciate, i appreciate',
  conditions: 'if',
  noNegates: false,
  values: {
    numbers: {
      zero: 0, one: 1, two: 2, three: 3, four: 4, five: 5, six: 6, seven: 7, eight: 8, nine: 9, ten: 10, eleven: 11, twelve: 12, thirteen: 13, fourteen: 14, fifteen: 15,
      sixteen: 16, seventeen: 17, eighteen: 18, nineteen: 19, twenty: 20, thirty: 30, forty: 40, fifty: 50, sixty: 60, seventy: 70, eighty: 80, ninety: 90, hundred: 100, thousand: 1000,
    },
    ordinals: { first: 1, second: 2, third: 3, fourth: 4, fifth: 5, sixth: 6, seventh: 7, eighth: 8, ninth: 9, tenth: 10, eleventh: 11, twelfth: 12, thirteenth: 13, fourteenth: 14,
      fifteenth: 15, sixteenth: 16, seventeenth: 17, eighteenth: 18, nineteenth: 19, twentieth: 20, thirtieth: 30 },
    weekdays: 'sunday, monday, tuesday, wednesday, thursday, friday, saturday',
    months: 'january jan, february feb, march, april apr, may, june, july, august aug, september sept, october oct, november nov, december dec',
    relative: `today, tomorrow, tonight, yesterday, noon, midday, midnight, morning, afternoon, evening, night, weekend, week, month, weekday, couple, dozen, pair, both, single, double, triple, quarter, twice, once, everyone, everybody`,
    timeBefore: 'at, around, by, past, until, till',
    dayBefore: 'the, on',
    sameAs: { tonight: 'today' },
    joins: 'and',
    timeAfter: 'am, pm, oclock',
    minutesBefore: { 'half past': 30, 'quarter past': 15, 'quarter to': -15, 'a quarter past': 15, 'a quarter to': -15 },
    minutesAfter: {},
    halves: {
      am: 'am', pm: 'pm', morning: 'am', afternoon: 'pm 12 18', evening: 'pm 16 24', night: 'pm 17 24', 'in the morning': 'am', 'in the afternoon': 'pm 12 18', 'in the evening': 'pm 16 24', 'at night': 'pm 17 24',
    },
    units: `people person persons guests guest adults adult passengers passenger travelers travellers traveler diners, tickets ticket, seats seat, nights night, days day, rooms room, weeks week, hours hour,
      minutes minute, dollars dollar bucks, kids children, stars star, bags bag, songs, movies`,
    countBefore: 'for, with, of, us, are',
    alone: 'just me, only me, just for me, only for me, just myself, only myself, just for myself, by myself, for myself, solo, alone, it is just me',
    directions: 'from, to',
  },
};
