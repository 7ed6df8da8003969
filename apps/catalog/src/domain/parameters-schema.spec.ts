import { describe, expect, it } from '@jest/globals';
import { CallTimeRules } from '../outside/call-time-rules.ts';
import { parametersProblems } from './parameters-schema.ts';

const problemsOf = (parameters: Record<string, unknown>) => parametersProblems(parameters, new CallTimeRules());

const withProperty = (schema: unknown) => ({ type: 'object', properties: { order: schema } });
const nested = (levels: number): unknown => (levels === 0 ? {} : { not: nested(levels - 1) });

describe('the parameters of a tool', () => {
  it('may use what draft 2020-12 offers', () => {
    const parameters = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties: { address: { $ref: '#/$defs/address' }, email: { type: 'string', format: 'email' } },
      required: ['address'],
      additionalProperties: false,
      $defs: { address: { type: 'object', properties: { zip: { type: 'string', pattern: '^[0-9]{5}$' } } } },
    };

    expect(problemsOf(parameters)).toEqual([]);
  });

  it('may call a parameter like a keyword and use keywords as data', () => {
    const parameters = {
      type: 'object',
      properties: {
        $id: { type: 'string' },
        $ref: { type: 'string' },
        default: { const: { $ref: 'https://example.com' } },
      },
    };

    expect(problemsOf(parameters)).toEqual([]);
  });

  it.each([
    ['a type other than object', { type: 'array' }, 'parameters.type', 'must be "object"'],
    ['no type', {}, 'parameters.type', 'must be "object"'],
    [
      'an unknown type',
      withProperty({ type: 'text' }),
      'parameters.properties.order.type',
      'must be equal to one of the allowed values',
    ],
    ['a keyword of the wrong shape', { type: 'object', required: 'order' }, 'parameters.required', 'must be array'],
    [
      'a remote reference',
      withProperty({ $ref: 'https://example.com/s' }),
      'parameters.properties.order.$ref',
      'must point inside this schema, like #/$defs/address',
    ],
    [
      'an id of its own',
      { type: 'object', $id: 'https://example.com/s' },
      'parameters.$id',
      'is not supported: the parameters of a tool stand alone',
    ],
    ['an asynchronous check', { type: 'object', $async: true }, 'parameters.$async', 'is not supported'],
    [
      'an older draft',
      { type: 'object', $schema: 'http://json-schema.org/draft-07/schema#' },
      'parameters.$schema',
      'must be https://json-schema.org/draft/2020-12/schema or absent',
    ],
  ])('are refused with %s', (_what, parameters, path, problem) => {
    expect(problemsOf(parameters as Record<string, unknown>)).toEqual([{ path, problem }]);
  });

  it.each([
    [
      'a reference to nothing',
      withProperty({ $ref: '#/$defs/address' }),
      "does not compile: can't resolve reference #/$defs/address from id #",
    ],
    [
      'an invalid pattern',
      withProperty({ type: 'string', pattern: '(' }),
      'does not compile: Invalid regular expression: /(/u: Unterminated group',
    ],
  ])('are refused with %s', (_what, parameters, problem) => {
    expect(problemsOf(parameters)).toEqual([{ path: 'parameters', problem }]);
  });

  it.each([
    ['a pattern that no time bounds', withProperty({ type: 'string', pattern: '^(?=1)' }), /look-around and back-references are not supported$/],
    ['a pattern of too many letters', withProperty({ type: 'string', pattern: 'a'.repeat(1_001) }), /a pattern is longer than 1000 characters$/],
    [
      'combinations that double the work at every level',
      { type: 'object', properties: { order: { anyOf: [{ $ref: '#' }, { $ref: '#', required: ['b'] }] } } },
      /more than 100000 checks for one value/,
    ],
  ])('are refused with %s', (_what, parameters, problem) => {
    expect(problemsOf(parameters)).toEqual([{ path: 'parameters', problem: expect.stringMatching(problem) }]);
  });

  it('are refused when nested deeper than 32 levels', () => {
    const at32 = { type: 'object', not: nested(30) };
    const at33 = { type: 'object', not: nested(32) };

    expect(problemsOf(at32)).toEqual([]);
    expect(problemsOf(at33)).toEqual([{ path: 'parameters', problem: 'is nested deeper than 32 levels' }]);
  });

  it('are refused above 64 KiB', () => {
    const parameters = withProperty({ type: 'string', description: 'x'.repeat(65_536) });

    expect(problemsOf(parameters)).toEqual([
      { path: 'parameters', problem: `has ${JSON.stringify(parameters).length} bytes; 65536 are allowed` },
    ]);
  });
});
