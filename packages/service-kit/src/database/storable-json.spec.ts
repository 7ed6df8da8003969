import { describe, expect, it } from '@jest/globals';
import { storableJson, storableText } from './storable-json.ts';

describe('storableJson', () => {
  it.each([
    ['a NUL', 'a\u0000b', 'a\ufffdb'],
    ['a lone surrogate', 'a\ud800b', 'a\ufffdb'],
    ['two in a row', '\u0000\u0000', '\ufffd\ufffd'],
    ['a backslash before a NUL', '\\\u0000', '\\\ufffd'],
  ])('replaces %s', (_name, value, stored) => {
    expect(JSON.parse(storableJson({ value }))).toEqual({ value: stored });
  });

  it.each([
    ['the text of an escape', '\\u0000'],
    ['an emoji', '😀'],
    ['control characters that PostgreSQL takes', '\u0001\n'],
  ])('leaves %s alone', (_name, value) => {
    expect(JSON.parse(storableJson({ value }))).toEqual({ value });
  });
});

describe('storableText', () => {
  it('replaces what a text column cannot hold', () => {
    expect(storableText('a\u0000\ud800b😀')).toBe('a\ufffd\ufffdb😀');
  });
});
