import { describe, expect, it } from '@jest/globals';
import { observedObject } from './observed-schema.ts';

describe('a schema from observed arguments', () => {
  it('requires what is always present and allows what sometimes is', () => {
    expect(observedObject([{ id: 'a' }, { id: 'b', seats: 2 }])).toEqual({
      type: 'object',
      properties: { id: { type: 'string' }, seats: { type: 'integer' } },
      required: ['id'],
      additionalProperties: false,
    });
  });

  it('describes the items of lists by all items of all calls', () => {
    const { properties } = observedObject([{ flights: [{ number: 'A' }] }, { flights: [{ number: 'B', date: '1' }] }]);

    expect(properties.flights).toEqual({
      type: 'array',
      items: {
        type: 'object',
        properties: { number: { type: 'string' }, date: { type: 'string' } },
        required: ['number'],
        additionalProperties: false,
      },
    });
  });

  it('lists every type that was seen', () => {
    expect(observedObject([{ amount: 1 }, { amount: 1.5 }, { amount: null }]).properties.amount).toEqual({
      type: ['integer', 'number', 'null'],
    });
  });

  it('allows no argument where none was ever given', () => {
    expect(observedObject([{}, {}])).toEqual({
      type: 'object',
      properties: {},
      required: [],
      additionalProperties: false,
    });
  });
});
