import { describe, expect, it } from '@jest/globals';
import { effectOf, readAirline } from './airline.ts';
import { ParsedJson } from './parsed-json.ts';

function toolCall(id: string, name: string, sent: unknown, content: string | null = null) {
  return {
    role: 'assistant',
    content,
    tool_calls: [{ id, type: 'function', function: { name, arguments: JSON.stringify(sent) } }],
  };
}

function read(...messages: unknown[]) {
  return readAirline([new ParsedJson([{ task_id: 7, trial: 1, traj: messages }], 'airline.json')]);
}

const HELLO = { role: 'user', content: 'Hello' };

describe('airline conversations', () => {
  it('takes messages with text as turns, and the system message as the instructions', () => {
    const { instructions, conversations } = read({ role: 'system', content: 'Be kind.' }, HELLO, {
      role: 'assistant',
      content: 'Good day.',
    });

    expect(instructions).toBe('Be kind.');
    expect(conversations[0]?.steps).toEqual([
      { kind: 'turn', role: 'caller', text: 'Hello' },
      { kind: 'turn', role: 'agent', text: 'Good day.' },
    ]);
  });

  it('makes no turn of a message that only calls a function, and one of a message that also speaks', () => {
    const answer = (id: string) => ({ role: 'tool', tool_call_id: id, name: 'think', content: '' });
    const { conversations } = read(
      HELLO,
      toolCall('c1', 'think', { thought: 'a' }),
      answer('c1'),
      toolCall('c2', 'think', { thought: 'b' }, 'One moment.'),
      answer('c2'),
    );

    expect(conversations[0]?.steps.map((step) => (step.kind === 'turn' ? step.text : step.arguments))).toEqual([
      'Hello',
      { thought: 'a' },
      'One moment.',
      { thought: 'b' },
    ]);
  });

  it('answers recorded errors with 422, JSON as JSON and sentences as text', () => {
    const { conversations } = read(
      HELLO,
      toolCall('c1', 'book_reservation', {}),
      { role: 'tool', tool_call_id: 'c1', content: 'Error: not enough seats on flight HAT1' },
      toolCall('c2', 'calculate', {}),
      { role: 'tool', tool_call_id: 'c2', content: '255.0' },
      toolCall('c3', 'transfer_to_human_agents', {}),
      { role: 'tool', tool_call_id: 'c3', content: 'Transfer successful' },
    );

    const calls = conversations[0]?.steps.filter((step) => step.kind === 'call');
    expect(calls?.map(({ answer }) => answer)).toEqual([
      { status: 422, contentType: 'application/json', body: '{"error":"not enough seats on flight HAT1"}' },
      { status: 200, contentType: 'application/json', body: '255.0' },
      { status: 200, contentType: 'text/plain', body: 'Transfer successful' },
    ]);
  });

  it('takes the answer that follows the call when a recorded id is used twice', () => {
    const answer = (content: string) => ({ role: 'tool', tool_call_id: 'c1', content });
    const { conversations } = read(
      HELLO,
      toolCall('c1', 'think', {}),
      answer('"first"'),
      toolCall('c1', 'think', {}),
      answer('"second"'),
    );

    const calls = conversations[0]?.steps.filter((step) => step.kind === 'call');
    expect(calls?.map(({ answer: { body } }) => body)).toEqual(['"first"', '"second"']);
  });

  it('says which call was never answered', () => {
    expect(() => read(HELLO, toolCall('c1', 'think', {}))).toThrow('no tool message answers c1');
  });

  it('says where recorded arguments are not JSON', () => {
    const call = { id: 'c1', function: { name: 'think', arguments: '{broken' } };
    const messages = [
      HELLO,
      { role: 'assistant', content: null, tool_calls: [call] },
      { role: 'tool', tool_call_id: 'c1', content: '' },
    ];

    expect(() => read(...messages)).toThrow(/traj\[1\] tool_calls\[0\] function arguments: is not JSON/);
  });

  it('knows the effect of an action by its name, and takes an unknown one for irreversible', () => {
    const names = [
      'get_user_details',
      'search_direct_flight',
      'list_all_airports',
      'calculate',
      'think',
      'book_reservation',
    ];
    const more = [
      'update_reservation_flights',
      'cancel_reservation',
      'send_certificate',
      'transfer_to_human_agents',
      'launch',
    ];

    expect(names.map(effectOf)).toEqual(['read', 'read', 'read', 'read', 'read', 'write.reversible']);
    expect(more.map(effectOf)).toEqual([
      'write.reversible',
      'write.irreversible',
      'write.irreversible',
      'message',
      'write.irreversible',
    ]);
  });
});
