import { describe, expect, it } from '@jest/globals';
import { ID_PREFIXES, idOf, type IdNoun } from '@patchbay/contracts/identity';
import { idFloor, madeAt, newId } from './new-id.ts';

describe('newId', () => {
  it.each(Object.keys(ID_PREFIXES) as IdNoun[])('is an id of the contracts: %s', (noun) => {
    expect(idOf(noun).safeParse(newId(noun)).success).toBe(true);
    expect(newId(noun)).toMatch(new RegExp(`^${ID_PREFIXES[noun]}_[0-9a-f]{32}$`));
  });

  it('sorts in the order ids are made, also within a millisecond', () => {
    const ids = Array.from({ length: 20_000 }, () => newId('invocation'));

    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('the time in an id', () => {
  it('is when it was made', () => {
    const before = Date.now();
    const made = madeAt(newId('session')).getTime();

    expect(made).toBeGreaterThanOrEqual(before);
    expect(made).toBeLessThanOrEqual(Date.now() + 1);
  });

  it('has the smallest id of its moment as its floor', () => {
    const id = newId('session');
    const at = madeAt(id);

    expect(idFloor('session', at) <= id).toBe(true);
    expect(idFloor('session', new Date(at.getTime() + 1)) > id).toBe(true);
    expect(madeAt(idFloor('session', at))).toEqual(at);
  });

  it.each([
    ['the first moment', 0],
    ['1999', Date.UTC(1999, 11, 31)],
    ['2026', Date.UTC(2026, 10, 18)],
    ['the year 9999', Date.UTC(9999, 11, 31)],
  ])('sorts before every later one, from %s on', (_when, timeMs) => {
    const floor = idFloor('event', new Date(timeMs));

    expect(floor).toHaveLength('evt_'.length + 12);
    expect(floor < idFloor('event', new Date(timeMs + 1))).toBe(true);
  });
});
