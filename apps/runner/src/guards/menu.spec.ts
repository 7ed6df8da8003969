import { describe, expect, it } from '@jest/globals';
import type { BreakerState } from './circuit-breaker.ts';
import { unavailableFunctions, type MenuFunction } from './menu.ts';

const FUNCTIONS: MenuFunction[] = [
  { name: 'check_slots', effect: 'read', providerKey: 'calendar' },
  { name: 'book_slot', effect: 'write.reversible', providerKey: 'calendar' },
  { name: 'send_sms', effect: 'message', providerKey: 'messages' },
  { name: 'end_call', effect: 'call_control', providerKey: null },
];

describe('the menu', () => {
  const unavailable = (calendar: BreakerState) =>
    unavailableFunctions(FUNCTIONS, (key) => (key === 'calendar' ? calendar : 'closed'), 'en').map(({ name }) => name);

  it.each([
    ['closed', []],
    ['open', ['check_slots', 'book_slot']],
    ['half_open', ['book_slot']],
    ['half_open_writes', []],
  ] as const)('of a provider whose breaker is %s lacks %j', (state, names) => {
    expect(unavailable(state)).toEqual(names);
  });

  it('never lacks what no provider answers', () => {
    expect(unavailableFunctions(FUNCTIONS, () => 'open', 'en').map(({ name }) => name)).not.toContain('end_call');
  });

  it.each([
    ['en', 'not answering'],
    ['es', 'no responde'],
    ['de', 'antwortet gerade nicht'],
  ] as const)('says why in the language of the agent: %s', (language, words) => {
    const [first] = unavailableFunctions(FUNCTIONS, () => 'open', language);

    expect(first).toEqual({ name: 'check_slots', reason: 'breaker_open', say: expect.stringContaining(words) });
  });
});
