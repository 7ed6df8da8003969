import { describe, expect, it } from '@jest/globals';
import { CLAIM_CORPUS } from '../../../testing/claim-corpus.ts';
import { detectClaims } from './detect-claims.ts';

describe('a claim', () => {
  it.each(CLAIM_CORPUS)('%s', (text, effects) => {
    const sure = detectClaims(text).filter(({ isWeak }) => !isWeak);

    expect(sure.map(({ effect }) => effect)).toEqual(effects);
  });

  it('is told in the words of the agent', () => {
    const [claim] = detectClaims('Good news, Ana: **I’ve booked your table** for seven. Anything else?');

    expect(claim?.words).toBe('I’ve booked your table for seven.');
  });

  it.each(["You're all set.", "It's done.", 'Your order was sent.', 'Your ride is scheduled.'])('is weak where others say the same of what they read: %s', (text) => {
    expect(detectClaims(text).map(({ isWeak }) => isWeak)).toEqual([true]);
  });

  it('counts where a turn begins, and not behind more than anybody says in one', () => {
    const filler = 'Let me tell you more about our opening hours. '.repeat(100);

    expect(detectClaims(`I've booked it. ${filler}`)).toHaveLength(1);
    expect(detectClaims(`${filler} I've booked it.`)).toEqual([]);
  });

  it('is looked for in text that is not speech as well, without being found', () => {
    expect(detectClaims('your booking '.repeat(2_500))).toEqual([]);
  });
});
