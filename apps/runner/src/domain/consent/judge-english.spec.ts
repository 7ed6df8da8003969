import { describe, expect, it } from '@jest/globals';
import { judgeConsent } from './judge-consent.ts';

const readBack = 'I will book a table for 2 people at Sino in San Jose on March 1st at 7 pm. Is that right?';
const offered = { restaurant_name: 'Sino', city: 'San Jose', party_size: 2, date: '2019-03-01', time: '19:00' };
const judge = (words: string) => judgeConsent({ words, language: 'en', readBack, arguments: offered });

describe('judging an English answer', () => {
  it.each([
    'Yes', 'yeah', 'Yep.', 'yup that is it', 'Sure.', 'sure thing', 'Absolutely!', 'of course', 'Correct.', 'right, correct', 'Exactly', 'go ahead', 'Okay, go ahead.', 'please do',
    'yes please', 'Yes, please go ahead and book it.', 'book it', 'let’s do it', 'Sounds good', 'sounds great to me', 'that works', 'That works for me, thanks.', 'yep that works, thanks',
    'Perfect, thank you so much!', 'great', 'That’s fine.', 'thats right', "no that's right", "No, that's correct.", 'No problem, go ahead', "no that's fine go ahead", 'why not', 'okay great', 'ok perfect',
    'um yes', 'uh yeah sure', 'well, yes', 'oh yes please', 'yes yes yes', 'yes it is', 'I do, yes', 'yes I would like that', 'yes, I confirm', 'confirmed', 'I agree', 'you got it', 'that is exactly what I want',
    'yes for two people', 'Yes, at 7.', 'yes at Sino', 'Yes, March 1st at 7 pm is perfect', 'yes, on the first', 'Yes, that Friday works', 'yes two people at seven', 'yes that is right, a table for 2 in San Jose',
    'yes please. what is their phone number?', 'Yes, what’s the address?', 'yes whats the address', 'yeah that works how much does it cost', 'Sure! Do they have parking?', 'Yes, and can you tell me the address?',
    'That sounds good, but is there outdoor seating?', 'Yes. Could you send me the phone number please?', 'perfect, do they serve vegetarian food', 'yes, is the place expensive?', 'Yes thank you, bye', "yes, I don't have any questions",
    'Yes, no changes', "yes I wouldn't change a thing", "yes, can't wait", 'Yes, I think that works', 'yes sir', 'uh-huh, yes', 'okay yes', 'Okay', 'alright, thanks', 'Okay, thank you very much.', 'alright, sounds good', 'affirmative', 'by all means', 'you bet', 'definitely', 'yes do it now please',
    'Yes, you may proceed with the reservation.', 'that would be wonderful', 'yeah, go for it', 'that should be fine', 'Yes that is all correct, thank you', 'Great, thanks. Which street is it on?', 'all good', 'Yes, make the reservation', 'yes, can you do that please',
    'Yes, could you please book it?', 'I am happy with that', 'Lovely, yes', 'yes I want to book it', 'okay do it', 'Yup, you’re right!', 'Yes, that time is good.', 'Yeah I accept', 'Good. How far is it?', 'yes please confirm the booking',
  ])('takes "%s" for a yes', (words) => {
    expect(judge(words)).toMatchObject({ verdict: 'affirm' });
  });

  it.each([
    'No', 'nope', 'No, thanks.', 'nah', 'no thank you', 'Not really', 'Absolutely not', "that's not right", "That isn't correct.", 'thats not what i want', 'sounds wrong', 'wrong', 'That is incorrect', "don't book it",
    'please don’t', "I don't want that", 'yeah no', 'sure, wait, no', 'no wait', 'yes... no', 'cancel that', 'Stop', 'never mind', 'forget it', 'No, that’s wrong', 'no no no', 'of course not', 'not now', 'no way', 'hmm no', "it doesn't work for me", 'that does not sound good',
    'No. Bye.', 'I never said that', 'no, it is too expensive', 'Thanks, but no thanks',
  ])('never takes "%s" for a yes, and calls it a refusal or a change', (words) => {
    expect(['negate', 'changed', ...(WAVERS.has(words) ? ['unclear'] : [])]).toContain(judge(words).verdict);
  });

  it.each([
    'yes, but at five', 'Yes but for 3 people', 'can you make it two instead', 'Can you make it three instead?', 'yes, make it 8 pm', 'Yeah, actually, Saturday', 'okay but tomorrow', 'yes at 8', 'yes, for four people', 'Yes, March 2nd',
    'Actually, let’s do Kiku instead', 'how about Kiku', 'yes and add one more person', 'I changed my mind, I want Kiku', 'Yes, change the time to 6:30', 'good, except the time', 'Could we do a quarter past seven?', 'sounds great, only make it half past six',
    'No, four people', 'No, I said eight', 'we are three', 'It should be at noon', 'I would like a window seat', 'yes, I want a window seat', 'Yes, on Tuesday please', 'the other restaurant', 'is there anything earlier', 'Yes, but a different date', 'perfect, just me though',
    'yes, what about 9', 'yes with 3 kids', 'yes at 7:30', 'yes on the second', 'Sure, but can we do it later?', 'yes please at two', 'Right, but it was for six of us', 'yes but I prefer a cheaper place', 'that works but not at 7', 'great, and book for 5', 'yes for 7 people at 2',
  ])('takes "%s" for a change', (words) => {
    expect(['changed', 'negate']).toContain(judge(words).verdict);
  });

  it.each([
    'I guess', 'I guess so', 'maybe', 'yeah, maybe', 'I suppose', 'Hmm', 'okay...', 'okay?', 'okay so', 'okay, how much is it?', 'Okay. Where is it?', 'mm-hmm', 'uh-huh', 'right', 'I see', 'thanks', 'what time was that again?', 'What?', 'sorry?', 'pardon', 'okay hold on', 'wait', 'yes, wait a second', 'one moment please', 'let me think', 'let me check with my wife',
    'yes hold on', 'I am not sure', "I don't know", 'probably', 'could be', 'is that right?', 'are you sure?', 'can you repeat that', 'yes, can you say that again', 'what is the price?', 'do they have parking', 'hello?', 'yes if it is free', 'only if they have parking', 'Yes or no', 'you sure about that', 'okay bye', 'if you say so',
    'yes and no', 'yes unless it rains', 'whatever', 'sort of', 'almost right', 'I am good', 'go on', 'got it', 'good morning', 'have a good day', '', '...', '🙂', 'yes my brother', 'yes the patio', 'yes, smoking', 'yes Kiku', 'that is right?', 'yes?', 'no yes', 'not yet', 'before you do that, one thing', 'can you do that?', 'is it good', 'sure about the time?',
    'who are you', 'my dog is barking', 'The weather is great, but I am tired', 'yes to Oakland from San Jose',
  ])('does not take "%s" for a yes', (words) => {
    expect(['unclear', 'negate', 'changed']).toContain(judge(words).verdict);
  });

  it.each(['Okay', 'alright, thanks'])('does not take "%s" for a yes to a second order, but only a plain one', (words) => {
    const again = { language: 'en' as const, readBack: 'This was done already: book a table. Do you want it done a second time?', isSecondOrder: true };
    expect(judgeConsent({ words, ...again })).toMatchObject({ verdict: 'unclear' });
    expect(judgeConsent({ words: 'yes please', ...again })).toMatchObject({ verdict: 'affirm' });
  });

  it('tells who wavers from who only listens, because the first takes an earlier yes back', () => {
    expect(judge('okay hold on')).toMatchObject({ verdict: 'unclear', wavers: true });
    expect(judge('mm-hmm')).toMatchObject({ verdict: 'unclear', wavers: false });
  });

  it('names the words it decided on and says why', () => {
    expect(judge('Yes, but at five')).toEqual({
      verdict: 'changed',
      seen: ['five'],
      reason: 'The caller names a value that was not read: "five".',
      wavers: false,
    });
  });
});

/** Said with a refusal in it, and as well a wish for time. */
const WAVERS = new Set(['no wait', 'Not really', 'sure, wait, no']);
