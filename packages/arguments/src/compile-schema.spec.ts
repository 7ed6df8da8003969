import { describe, expect, it } from '@jest/globals';
import { compileSchema } from './compile-schema.ts';

const withPattern = (pattern: string) => compileSchema({ type: 'object', properties: { a: { type: 'string', pattern } } });

describe('a tenant’s JSON Schema', () => {
  const STALLS = ['^(a+)+$', '(x+x+)+y', '^(([a-z])+.)+[A-Z]([a-z])+$', '^(.*a){20}$'];

  it.each(STALLS)('with the pattern %s is checked in time linear in the text', (pattern) => {
    // With the engine of JavaScript any of these would outlast the test run.
    expect(withPattern(pattern)({ a: `${'a'.repeat(50_000)}!` })).toHaveLength(1);
  });

  it.each([
    ['^(?=a)b', /invalid or unsupported Perl syntax.*look-around and back-references are not supported/],
    ['(a)\\1', /invalid escape sequence/],
    ['^.{0,5000}$', /invalid repeat count/],
    ['[', /missing closing/],
    ['a'.repeat(1_001), /longer than 1000 characters/],
  ])('with the pattern %s is refused, and why is said', (pattern, why) => {
    expect(() => withPattern(pattern)).toThrow(why);
    expect(() => withPattern(pattern)).toThrow(/^cannot be used as a JSON Schema: /);
  });

  it.each([
    ['^[A-Z]{2}\\d{4}$', 'AB1234', 'AB123'],
    ['^\\p{L}+$', 'Zoë', 'Zo1'],
    ['\\u0041', 'A', 'B'],
    ['^a\\/b$', 'a/b', 'ab'],
    ['ell', 'hello', 'held'],
  ])('with the pattern %s means what it means elsewhere', (pattern, good, bad) => {
    const problemsWith = withPattern(pattern);
    expect(problemsWith({ a: good })).toEqual([]);
    expect(problemsWith({ a: bad })).toEqual([{ path: 'a', problem: `must match pattern "${pattern}"` }]);
  });

  it('that refers to itself without end is told so, not by a crash', () => {
    const endless = { type: 'object', properties: { a: { $ref: '#/$defs/x' } }, $defs: { x: { allOf: [{ $ref: '#/$defs/x' }] } } };
    expect(compileSchema(endless)({ a: 1 })).toEqual([{ path: '', problem: 'the schema refers to itself without end' }]);
  });

  it('that doubles the work at every level is refused', () => {
    const levels = Array.from({ length: 30 }, (_, level) => [`l${level}`, { allOf: [1, 2].map(() => ({ $ref: `#/$defs/l${level + 1}` })) }] as const);
    const doubling = { $ref: '#/$defs/l0', $defs: { ...Object.fromEntries(levels), l30: { type: 'object' } } };
    expect(() => compileSchema(doubling)).toThrow(/more than 100000 checks for one value/);
    const twice = { type: 'object', properties: { a: { anyOf: [{ $ref: '#' }, { $ref: '#', required: ['b'] }] } } };
    expect(() => compileSchema(twice)).toThrow(/more than 100000 checks for one value/);
  });

  it('of a tree is not', () => {
    const tree = { type: 'object', properties: { left: { $ref: '#' }, right: { $ref: '#' }, all: { type: 'array', items: { $ref: '#' } } } };
    expect(compileSchema(tree)({ left: { right: { all: [{}, 1] } } })).toEqual([{ path: 'left.right.all.1', problem: 'must be object' }]);
  });

  it('cannot be found by its $id from another one', () => {
    compileSchema({ $id: 'https://example.com/secret', type: 'object' });
    expect(() => compileSchema({ $id: 'https://example.com/secret', type: 'object' })).not.toThrow();
    expect(() => compileSchema({ $ref: 'https://example.com/secret' })).toThrow(/can't resolve reference/);
  });

  it('of an older draft is read as the current one', () => {
    const problemsWith = compileSchema({ $schema: 'http://json-schema.org/draft-07/schema#', type: 'object', required: ['a'] });
    expect(problemsWith({})).toEqual([{ path: 'a', problem: 'is missing' }]);
  });

  it('may name formats that nobody knows', () => {
    expect(compileSchema({ properties: { a: { format: 'of-their-own' } } })({ a: 'x' })).toEqual([]);
  });

  it('does not spend long on a text that only looks like a URL', () => {
    const problemsWith = compileSchema({ properties: { a: { type: 'string', format: 'url' } } });
    expect(problemsWith({ a: `http://${':'.repeat(60_000)}` })).toEqual([{ path: 'a', problem: 'must match format "url"' }]);
  });

  it('yields at most twenty problems', () => {
    const problemsWith = compileSchema({ type: 'array', items: { type: 'string' } });
    expect(problemsWith(Array.from({ length: 500 }, () => 1) as unknown as Record<string, unknown>)).toHaveLength(20);
  });
});
