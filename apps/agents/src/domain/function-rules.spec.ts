import { describe, expect, it } from '@jest/globals';
import type { AgentFunction } from '@patchbay/contracts/agents';
import { RulesOfCalls } from '../outside/rules-of-calls.ts';
import { callerSchema, functionRulesProblems, modelParameters } from './function-rules.ts';

const SCHEMA = {
  type: 'object',
  properties: {
    orderId: { type: 'string' },
    amount: { $ref: '#/$defs/amount' },
    shop: { enum: ['berlin', 'paris'] },
    phone: { type: 'string' },
  },
  required: ['orderId', 'amount', 'shop', 'phone'],
  additionalProperties: false,
  $defs: { amount: { type: 'object', properties: { cents: { type: 'integer', minimum: 1 } }, required: ['cents'] } },
};

const problemsOf = (rules: Partial<AgentFunction>, schema: Record<string, unknown> = SCHEMA) =>
  functionRulesProblems({ name: 'refund', toolId: 'tool_1', ...rules }, schema, 'functions.0', new RulesOfCalls());

describe('the rules of a function', () => {
  it('may fix, bind and restrict what its tool takes', () => {
    expect(
      problemsOf({
        static: { shop: 'berlin', amount: { cents: 100 } },
        bound: { phone: 'callerNumber' },
        origins: { orderId: ['caller'] },
        confirmation: { required: false },
      }),
    ).toEqual([]);
  });

  it('may name no parameter that its tool does not have', () => {
    expect(problemsOf({ static: { colour: 'red' }, bound: { caller: 'callerNumber' }, origins: { constructor: ['caller' as const] } })).toEqual([
      { path: 'functions.0.static.colour', problem: 'is not a parameter of the function' },
      { path: 'functions.0.bound.caller', problem: 'is not a parameter of the function' },
      { path: 'functions.0.origins.constructor', problem: 'is not a parameter of the function' },
    ]);
  });

  it('may fix no value that its tool refuses', () => {
    expect(problemsOf({ static: { shop: 'rome', amount: { cents: 0 } } })).toEqual([
      { path: 'functions.0.static.amount.cents', problem: 'must be >= 1' },
      { path: 'functions.0.static.shop', problem: 'must be one of: berlin, paris' },
    ]);
  });
});

describe('a tool with a schema that no call could be checked with', () => {
  it('is refused, and why is said', () => {
    const schema = { type: 'object', properties: { orderId: { type: 'string', pattern: '^(?=1)' } } };

    expect(problemsOf({}, schema)).toEqual([{ path: 'functions.0.toolId', problem: expect.stringContaining('look-around') }]);
  });
});

describe('a read-back', () => {
  const readBackProblems = (readBack: string) => problemsOf({ confirmation: { readBack } });

  it.each([
    'Shall I go on?',
    'Refund {{ arguments.amount.cents }} cents of order {{ arguments.orderId }}?',
    '{% if arguments.shop == "paris" %}In Paris: {% endif %}{% assign id = arguments["orderId"] %}order {{ id | upcase }}?',
    '{% for part in arguments.amount %}{{ part[0] }}{% endfor %}',
  ])('may be %j', (readBack) => {
    expect(readBackProblems(readBack)).toEqual([]);
  });

  it.each([
    ['an argument that the function does not take', 'Order {{ arguments.number }}?', 'uses arguments.number'],
    ['something else than arguments', 'Order {{ orderId }}?', 'uses orderId'],
    ['an unknown filter', '{{ arguments.orderId | spell_out_nicely }}', 'spell_out_nicely'],
    ['a tag that is not closed', '{% if arguments.orderId %}yes', 'not closed'],
  ])('may not have %s', (_what, readBack, words) => {
    expect(readBackProblems(readBack)).toEqual([
      { path: 'functions.0.confirmation.readBack', problem: expect.stringContaining(words) },
    ]);
  });
});

describe('the parameters that a model sees', () => {
  it('are the schema without what is static or bound, in its order', () => {
    const parameters = modelParameters(SCHEMA, { static: { amount: { cents: 1 } }, bound: { phone: 'callerNumber' } });

    expect(JSON.stringify(parameters)).toBe(
      JSON.stringify({
        ...SCHEMA,
        properties: { orderId: { type: 'string' }, shop: { enum: ['berlin', 'paris'] } },
        required: ['orderId', 'shop'],
      }),
    );
  });

  it('are the schema itself when nothing is hidden', () => {
    expect(JSON.stringify(modelParameters(SCHEMA, {}))).toBe(JSON.stringify(SCHEMA));
    expect(modelParameters({ type: 'object' }, {})).toEqual({ type: 'object' });
  });
});

describe('what a tool takes from a call', () => {
  it.each(['own_id', 'metadata_tag'] as const)('is not the parameter in which the platform puts an id: %s', (strategy) => {
    const schema = callerSchema({ parameters: SCHEMA, idempotency: { strategy, parameter: 'orderId' } });

    expect(Object.keys(schema['properties'] as object)).toEqual(['amount', 'shop', 'phone']);
    expect(schema['required']).toEqual(['amount', 'shop', 'phone']);
  });

  it('is everything where the platform adds nothing, or a header', () => {
    expect(callerSchema({ parameters: SCHEMA })).toBe(SCHEMA);
    expect(callerSchema({ parameters: SCHEMA, idempotency: { strategy: 'header', header: 'x-key' } })).toBe(SCHEMA);
  });
});
