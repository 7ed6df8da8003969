import { describe, expect, it } from '@jest/globals';
import { firstThatFit } from './reply-room.ts';

describe('firstThatFit', () => {
  const items = ['aa', 'é', 'b'];

  it.each([
    ['all where there is room', { items: 3, bytes: 14 }, ['aa', 'é', 'b']],
    ['no more bytes than there is room for', { items: 3, bytes: 13 }, ['aa', 'é']],
    ['no more items than were asked for', { items: 1, bytes: 100 }, ['aa']],
    ['nothing where the first alone is too large', { items: 3, bytes: 4 }, []],
  ])('takes %s', (_what, room, fitting) => {
    expect(firstThatFit(items, room)).toEqual(fitting);
  });
});
