import { describe, expect, it } from '@jest/globals';
import { judgeTurns } from './judge-turns.ts';

const verdictOf = (...turns: string[]) => judgeTurns(turns, { language: 'en' });

describe('judging the turns since a read-back', () => {
  it('counts the last turn that decides', () => {
    expect(verdictOf('No, thanks.', 'Yes, go ahead.')).toMatchObject({ verdict: 'affirm', turn: 1 });
    expect(verdictOf('Yes.', 'No, do not book it.')).toMatchObject({ verdict: 'negate', turn: 1 });
  });

  it('lets a yes stand when the caller only listens afterwards', () => {
    expect(verdictOf('Yes, please.', 'Mm-hmm.')).toMatchObject({ verdict: 'affirm', turn: 0 });
  });

  it('takes a yes back when the caller asks for time', () => {
    expect(verdictOf('Yes, please.', 'Oh, wait.')).toMatchObject({ verdict: 'unclear', turn: 1 });
  });

  it('has no turn to name before the caller has said anything', () => {
    expect(verdictOf()).toMatchObject({ verdict: 'unclear', turn: null });
  });
});
