import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readBody } from './read-body.ts';

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };

function read(body: string | Buffer, headers: Record<string, string> = JSON_TYPE): ReturnType<typeof readBody> {
  return readBody({ body: Buffer.from(body as string), headers });
}

describe('readBody', () => {
  it.each([
    ['{"a":{"b":[1,"x",null,true,1.5e3]}}', { a: { b: [1, 'x', null, true, 1500] } }],
    ['[]', []],
    ['"text"', 'text'],
    ['null', null],
    ['\ufeff{"ä":"漢字 👍"}', { ä: '漢字 👍' }],
    ['{ "a" : ":b", "c\\"\\\\" :\n[":", "\\":"] }', { a: ':b', 'c"\\': [':', '":'] }],
    ['{"constructor":1,"toString":2}', { constructor: 1, toString: 2 }],
    ['{"a":{"x":1},"b":{"x":1}}', { a: { x: 1 }, b: { x: 1 } }],
  ])('reads %s', (text, value) => {
    expect(read(text)).toMatchObject({ kind: 'json', value });
  });

  it('reads what JSON.stringify writes, however it is spaced', () => {
    const property = fc.property(fc.json(), fc.constantFrom(undefined, 1, '\t'), (text, space) => {
      // What nobody sees is removed, and then two names may be one.
      fc.pre(!/\\[urbf]|[^\x20-\x7e]|__proto__/.test(text));
      const value: unknown = JSON.parse(text);

      expect(read(JSON.stringify(value, null, space))).toMatchObject({ kind: 'json' });
      expect(read(JSON.stringify(value, null, space)).value).toEqual(value);
    });

    fc.assert(property, { numRuns: 500 });
  });

  it.each([
    ['half of it', '{"a":1', 'is not valid JSON'],
    ['words', 'oops', 'is not valid JSON'],
    ['NaN', '{"a":NaN}', 'is not valid JSON'],
    ['a line break in a text', '{"a":"x\ny"}', 'is not valid JSON'],
    ['a number without end', '{"a":1e999}', 'has a number that is too large'],
    ['a field twice', '{"a":1,"a":2}', 'has a field twice'],
    ['a field twice, spaced', '{"a":1,"a" :2}', 'has a field twice'],
    ['a field twice, escaped', '{"a":1,"\\u0061":2}', 'has a field twice'],
    ['a field twice, balanced by a text', '{"a":1,"a"\t:":"}', 'has a field twice'],
    ['a field twice but for unseen characters', '{"a":1,"a\u200b":2}', 'has a field twice'],
    ['__proto__', '{"a":{"__proto__":{"admin":true}}}', 'has a field named __proto__'],
    ['__proto__ in disguise', '{"__pro\\u200bto__":1}', 'has a field named __proto__'],
    ['65 levels', '['.repeat(65) + ']'.repeat(65), 'is nested deeper than 64 levels'],
    ['10,000 levels', '{"a":'.repeat(10_000) + '1' + '}'.repeat(10_000), 'is nested deeper than 64 levels'],
  ])('does not read %s', (_name, text, problem) => {
    expect(read(text)).toEqual({ kind: 'unreadable', value: null, problem });
  });

  it('reads 64 levels', () => {
    expect(read('['.repeat(64) + ']'.repeat(64)).kind).toBe('json');
  });

  it.each([
    ['broken UTF-8', Buffer.from([0x22, 0xc3, 0x28, 0x22])],
    ['UTF-8 that is longer than needed', Buffer.from([0x22, 0xc0, 0xaf, 0x22])],
    ['Latin-1', Buffer.from('"Köln"', 'latin1')],
  ])('does not read JSON in %s', (_name, bytes) => {
    expect(read(bytes)).toMatchObject({ kind: 'unreadable', problem: 'is not valid UTF-8' });
  });

  it.each([
    ['as it is', '{"say":"a\u202eb\u200bc\x7f"}'],
    ['escaped', '{"say":"a\\u202eb\\u200Bc\\r\\b\\u007f"}'],
    ['as a tag character', '{"say":"a\\udb40\\udc41bc"}'],
  ])('removes an unseen character that is written %s', (_name, text) => {
    expect(read(text).value).toEqual({ say: 'abc' });
  });

  it('removes unseen characters from names, too', () => {
    expect(read('{"na\\u200bme":[{"\u00adid":1}]}').value).toEqual({ name: [{ id: 1 }] });
  });

  it('takes JSON for JSON although the answer does not say so', () => {
    expect(read(' {"a":1}', { 'content-type': 'text/plain' })).toMatchObject({ kind: 'json', value: { a: 1 } });
    expect(read('[1]', {})).toMatchObject({ kind: 'json', value: [1] });
  });

  it.each([
    ['a page', '<html>', { 'content-type': 'text/html' }],
    ['what only begins like JSON', '[draft] see below', { 'content-type': 'text/plain' }],
    ['a word without a type', 'ok', {}],
  ])('takes %s for text', (_name, text, headers) => {
    expect(read(text, headers as Record<string, string>)).toEqual({ kind: 'text', value: text });
  });

  it('shows broken text as well as it can', () => {
    expect(read(Buffer.from([0x61, 0xff, 0x00, 0x62]), {})).toEqual({ kind: 'text', value: 'a\ufffdb' });
  });

  it.each(['', ' \n', '\ufeff'])('finds nothing in %j', (text) => {
    expect(read(text).kind).toBe('empty');
    expect(read(text, {}).kind).toBe('empty');
  });
});
