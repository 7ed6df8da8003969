import { describe, expect, it } from '@jest/globals';
import { compileMask, maskForEvidence } from './mask-fields.ts';

const person = {
  type: 'object',
  properties: { name: { type: 'string', 'x-pii': true }, role: { type: 'string' }, boss: { $ref: '#/$defs/person' } },
};
const schema = {
  $defs: { person, token: { type: 'string', 'x-secret': true } },
  properties: {
    caller: { $ref: '#/$defs/person' },
    guests: { type: 'array', items: { $ref: '#/$defs/person' } },
    pair: { prefixItems: [{ type: 'number' }, { 'x-pii': true }] },
    token: { anyOf: [{ type: 'null' }, { $ref: '#/$defs/token' }] },
    byId: { additionalProperties: { properties: { phone: { 'x-pii': true } } } },
    meta: { patternProperties: { '^x-': { 'x-secret': true } } },
    count: { type: 'number' },
  },
};
const value = {
  caller: { name: 'Zoë', role: 'owner', boss: { name: 'Max', role: 'boss' } },
  guests: [{ name: 'Ann' }, { role: 'none' }],
  pair: [1, 'private'],
  token: 'tok_1',
  byId: { a: { phone: '+49', city: 'Köln' } },
  meta: { 'x-key': 'k', other: 'o' },
  count: 3,
  unknown: { name: 'not in the schema' },
};

describe('maskForEvidence', () => {
  it('masks what the schema marks, wherever the mark stands', () => {
    expect(maskForEvidence(value, schema)).toEqual({
      caller: { name: '[masked]', role: 'owner', boss: { name: '[masked]', role: 'boss' } },
      guests: [{ name: '[masked]' }, { role: 'none' }],
      pair: [1, '[masked]'],
      token: '[secret]',
      byId: { a: { phone: '[masked]', city: 'Köln' } },
      meta: { 'x-key': '[secret]', other: '[secret]' },
      count: 3,
      unknown: { name: 'not in the schema' },
    });
  });

  it('masks a whole object and a whole body', () => {
    expect(maskForEvidence({ a: { b: 1 } }, { properties: { a: { 'x-pii': true } } })).toEqual({ a: '[masked]' });
    expect(maskForEvidence([1, 2], { 'x-secret': true })).toBe('[secret]');
  });

  it.each([[undefined], [{}], [{ properties: { caller: { type: 'object' } } }]])(
    'gives the same value back when nothing is marked',
    (unmarked) => {
      expect(maskForEvidence(value, unmarked)).toBe(value);
    },
  );

  it('does not follow a reference out of the document, nor one to itself', () => {
    const odd = {
      'x-note': 'x-pii',
      properties: { a: { $ref: 'https://evil.example/s' }, b: { $ref: '#/properties/b' }, c: { 'x-pii': true } },
    };

    expect(maskForEvidence({ a: 1, b: 2, c: 3 }, odd)).toEqual({ a: 1, b: 2, c: '[masked]' });
  });

  it('leaves what is not there as it is', () => {
    expect(maskForEvidence({ caller: null, token: null }, schema)).toEqual({ caller: null, token: null });
  });
});

describe('compileMask', () => {
  it('masks only the marks it was asked for', () => {
    const mask = compileMask(schema, { 'x-secret': '[secret]' });

    expect(mask({ caller: { name: 'Zoë' }, token: 'tok_1' })).toEqual({ caller: { name: 'Zoë' }, token: '[secret]' });
  });
});
