import { describe, expect, it } from '@jest/globals';
import { ParsedJson } from './parsed-json.ts';
import { readSgd } from './sgd.ts';

const SCHEMA = [
  {
    service_name: 'Bank_1',
    description: 'Keeps accounts',
    slots: [
      { name: 'account', description: 'The account', is_categorical: true, possible_values: ['checking', 'savings'] },
      { name: 'amount', description: 'How much', is_categorical: false, possible_values: [] },
    ],
    intents: [
      {
        name: 'Check',
        description: 'See a balance',
        is_transactional: false,
        required_slots: [],
        optional_slots: { account: 'checking' },
      },
      {
        name: 'Pay',
        description: 'Pay somebody',
        is_transactional: true,
        required_slots: ['account', 'amount'],
        optional_slots: {},
      },
    ],
  },
];

function dialogueWith(call: { method: string; parameters: Record<string, string> }) {
  const frame = { service: 'Bank_1', service_call: call, service_results: [{ balance: '5' }] };
  return {
    dialogue_id: '1_00001',
    turns: [
      { speaker: 'USER', utterance: 'How much is there?', frames: [] },
      { speaker: 'SYSTEM', utterance: 'Five.', frames: [frame] },
    ],
  };
}

function read(dialogue: unknown) {
  return readSgd(new ParsedJson(SCHEMA, 'schema.json'), [new ParsedJson([dialogue], 'dialogues_001.json')], { consent: false });
}

describe('Schema-Guided Dialogue', () => {
  it('makes an action of every intent: transactional ones write by POST, the others read by GET', () => {
    const { tools } = read(dialogueWith({ method: 'Check', parameters: {} }));

    expect(tools.map(({ name, effect, method }) => [name, effect, method])).toEqual([
      ['Bank_1_Check', 'read', 'GET'],
      ['Bank_1_Pay', 'write.reversible', 'POST'],
    ]);
  });

  it('takes required and optional slots as string properties and allows nothing else', () => {
    const { tools } = read(dialogueWith({ method: 'Check', parameters: {} }));

    expect(tools[1]?.parameters).toEqual({
      type: 'object',
      properties: {
        account: { type: 'string', description: 'The account', enum: ['checking', 'savings'] },
        amount: { type: 'string', description: 'How much' },
      },
      required: ['account', 'amount'],
      additionalProperties: false,
    });
  });

  it('lists the values of a categorical slot only where the recorded calls keep to them', () => {
    const { tools } = read(dialogueWith({ method: 'Check', parameters: { account: 'dontcare' } }));

    expect(tools[0]?.parameters.properties.account).toEqual({
      type: 'string',
      description: 'The account (usually checking)',
    });
    expect(tools[1]?.parameters.properties.account).toHaveProperty('enum');
  });

  it('puts a call before the system turn that carries it', () => {
    const { conversations } = read(dialogueWith({ method: 'Check', parameters: { account: 'savings' } }));

    expect(conversations[0]?.steps).toEqual([
      { kind: 'turn', role: 'caller', text: 'How much is there?' },
      {
        kind: 'call',
        recordedId: null,
        tool: 'Bank_1_Check',
        arguments: { account: 'savings' },
        answer: { status: 200, contentType: 'application/json', body: '{"results":[{"balance":"5"}]}' },
      },
      { kind: 'turn', role: 'agent', text: 'Five.' },
    ]);
  });
});
