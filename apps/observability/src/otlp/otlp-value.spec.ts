import { describe, expect, it } from '@jest/globals';
import { plainAttributes, plainValue } from './otlp-value.ts';

describe('an OTLP value', () => {
  it.each([
    [{ stringValue: '' }, ''],
    [{ boolValue: false }, false],
    [{ intValue: 0 }, 0],
    [{ intValue: '-42' }, -42],
    [{ intValue: '9223372036854775807' }, '9223372036854775807'],
    [{ doubleValue: 1.5 }, 1.5],
    [{ doubleValue: 'NaN' }, 'NaN'],
    [{ bytesValue: 'AAE=' }, 'AAE='],
    [{ arrayValue: { values: [{ intValue: 1 }, { stringValue: 'a' }] } }, [1, 'a']],
    [{ arrayValue: {} }, []],
    [{ kvlistValue: { values: [{ key: 'a', value: { boolValue: true } }] } }, { a: true }],
    [{}, null],
    [null, null],
    ['text', null],
  ])('%j is plainly %j', (value, plain) => {
    expect(plainValue(value)).toEqual(plain);
  });

  it('is cut where it is nested deeper than 8 levels', () => {
    const nested = (levels: number): unknown =>
      levels === 0 ? { intValue: 1 } : { arrayValue: { values: [nested(levels - 1)] } };

    expect(JSON.stringify(plainValue(nested(8)))).toBe('[[[[[[[[1]]]]]]]]');
    expect(JSON.stringify(plainValue(nested(1_000)))).toBe('[[[[[[[["[nested deeper than 8 levels]"]]]]]]]]');
  });
});

describe('OTLP attributes', () => {
  it('become an object whose prototype nobody can set', () => {
    const attributes = plainAttributes([
      { key: '__proto__', value: { kvlistValue: { values: [] } } },
      { key: 'a', value: { intValue: 1 } },
    ]);

    expect(Object.entries(attributes)).toEqual([['a', 1]]);
    expect(Object.getPrototypeOf(attributes)).toBe(Object.prototype);
  });

  it('without a key are left out', () => {
    expect(plainAttributes([null, 7, {}, { key: 1, value: { intValue: 1 } }])).toEqual({});
  });
});
