import { describe, expect, it } from '@jest/globals';
import type { ConnectionState } from '@patchbay/contracts/connections';
import type { BreakerState } from './circuit-breaker.ts';
import { unavailableFunctions, type MenuFacts, type MenuFunction } from './menu.ts';

const FUNCTIONS: MenuFunction[] = [
  { name: 'check_slots', effect: 'read', providerKey: 'calendar', connectionId: 'conn_1', origin: 'https://api.example' },
  { name: 'book_slot', effect: 'write.reversible', providerKey: 'calendar', connectionId: 'conn_1', origin: 'https://api.example' },
  { name: 'send_sms', effect: 'message', providerKey: 'messages', connectionId: 'conn_1', origin: 'https://api.example' },
  { name: 'end_call', effect: 'call_control', providerKey: null, connectionId: null, origin: null },
];

const facts = (breakerOf: MenuFacts['breakerOf'], connection?: ConnectionState): MenuFacts => ({ breakerOf, connectionOf: () => connection });

describe('the menu', () => {
  const unavailable = (calendar: BreakerState) =>
    unavailableFunctions(FUNCTIONS, facts((key) => (key === 'calendar' ? calendar : 'closed')), 'en').map(({ name }) => name);

  it.each([
    ['closed', []],
    ['open', ['check_slots', 'book_slot']],
    ['half_open', ['book_slot']],
    ['half_open_writes', []],
  ] as const)('of a provider whose breaker is %s lacks %j', (state, names) => {
    expect(unavailable(state)).toEqual(names);
  });

  it('never lacks what no provider answers', () => {
    expect(unavailableFunctions(FUNCTIONS, facts(() => 'open'), 'en').map(({ name }) => name)).not.toContain('end_call');
  });

  it.each([
    ['en', 'not answering'],
    ['es', 'no responde'],
    ['de', 'antwortet gerade nicht'],
  ] as const)('says why in the language of the agent: %s', (language, words) => {
    const [first] = unavailableFunctions(FUNCTIONS, facts(() => 'open'), language);

    expect(first).toEqual({ name: 'check_slots', reason: 'breaker_open', say: expect.stringContaining(words) });
  });

  it('lacks every function whose connection must be made again, before its breaker is asked', () => {
    const revoked = { lifecycle: 'active', health: 'revoked', grantedScopes: null } as ConnectionState;

    expect(unavailableFunctions(FUNCTIONS, facts(() => 'open', revoked), 'en').map(({ reason }) => reason)).toEqual([
      'credential_invalid',
      'credential_invalid',
      'credential_invalid',
    ]);
  });
});
