import { describe, expect, it } from '@jest/globals';
import { ParsedJson } from './parsed-json.ts';
import { readReadBacks } from './sgd-read-backs.ts';

const act = (name: string, slot = '', value?: string) => ({ act: name, slot, values: value ? [value] : [], canonical_values: value ? [value] : [] });
const caller = (state: Record<string, string[]>, ...actions: unknown[]) => ({
  frames: [{ service: 'Bank_1', actions, state: { active_intent: 'Pay', slot_values: state } }],
});
const agent = (...actions: unknown[]) => ({ frames: [{ service: 'Bank_1', actions }] });

function read(...turns: unknown[]) {
  return readReadBacks(new ParsedJson(turns, 'turns').items());
}

describe('read-backs of Schema-Guided Dialogue', () => {
  it('carry what the agent confirmed, what it confirmed before, and the rest of the state', () => {
    const state = { account: ['my checking account'], amount: ['ten'], memo: ['rent'] };
    const found = read(
      caller(state),
      agent(act('CONFIRM', 'account', 'checking'), act('CONFIRM', 'amount', '10')),
      caller(state, act('NEGATE'), act('INFORM', 'amount', '12')),
      agent(act('CONFIRM', 'amount', '12')),
      caller(state, act('AFFIRM')),
    );

    expect(found).toEqual([
      { turn: 1, service: 'Bank_1', method: 'Pay', said: 'no', arguments: { account: 'checking', amount: '10', memo: 'rent' } },
      { turn: 3, service: 'Bank_1', method: 'Pay', said: 'yes', arguments: { account: 'checking', amount: '12', memo: 'rent' } },
    ]);
  });

  it('take a yes with a value in the same turn for a no, and a yes with a question for a yes', () => {
    const confirm = agent(act('CONFIRM', 'amount', '10'));
    const [changed] = read(caller({}), confirm, caller({}, act('AFFIRM'), act('INFORM', 'amount', '12')));
    const [asked] = read(caller({}), confirm, caller({}, act('AFFIRM'), act('REQUEST', 'fee')));

    expect([changed?.said, asked?.said]).toEqual(['no', 'yes']);
  });

  it('are not those that the caller answered neither way', () => {
    expect(read(caller({}), agent(act('CONFIRM', 'amount', '10')), caller({}, act('REQUEST', 'fee')))).toEqual([]);
  });
});
