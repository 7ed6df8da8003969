import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { NOW, SPEECH } from '../../testing/hear.ts';
import { compileArguments } from './compile-arguments.ts';
import type { CallContext } from './prepared-arguments.ts';

const speech = SPEECH.en;

function call(context: Partial<CallContext> & { variables?: Record<string, unknown> } = {}): CallContext {
  const { variables = {}, ...rest } = context;
  return { session: { variables, callerNumber: '+14155552671' }, callerTurns: [], now: NOW, ...rest };
}

const order = {
  type: 'object',
  required: ['orderId', 'size'],
  additionalProperties: false,
  properties: {
    orderId: { type: 'string' },
    size: { enum: ['small', 'Extra Large', 'check_in', '-1', '1'] },
    phone: { anyOf: [{ type: 'string', format: 'phone' }, { type: 'null' }] },
    either: { anyOf: [{ type: 'string', format: 'phone' }, { type: 'string', pattern: '^x' }] },
    lines: { type: 'array', items: { $ref: '#/$defs/line' } },
    tenant: { type: 'string' },
  },
  $defs: { line: { type: 'object', properties: { count: { type: ['integer', 'null'] }, more: { type: 'array', items: { $ref: '#/$defs/line' } } } } },
};

describe('the arguments of a call', () => {
  const prepare = compileArguments({ schema: order, speech });

  it('that fit are the same object', () => {
    const args = { orderId: 'twenty three', size: 'small', phone: null, either: 'xyz', lines: [{ count: 2 }] };
    expect(prepare(args, call()).arguments).toBe(args);
  });

  it('are read only where the schema says what they are, and each change is told', () => {
    const args = { orderId: 'twenty three', size: 'extra large', phone: '415 555 2671', lines: [{ count: 'two', more: [{ count: 'three' }] }] };
    expect(prepare(args, call())).toEqual({
      arguments: { orderId: 'twenty three', size: 'Extra Large', phone: '+14155552671', lines: [{ count: 2, more: [{ count: 3 }] }] },
      origins: {},
      normalised: [
        { path: 'size', from: 'extra large', to: 'Extra Large' },
        { path: 'phone', from: '415 555 2671', to: '+14155552671' },
        { path: 'lines.0.count', from: 'two', to: 2 },
        { path: 'lines.0.more.0.count', from: 'three', to: 3 },
      ],
      problems: [],
    });
    expect(args.lines[0]!.count).toBe('two');
  });

  it('of which one is wrong leave the others as they were given, too', () => {
    const { arguments: args } = prepare({ size: 'small', phone: '+14155552671', either: '415 555 2671', orderId: 5 }, call());
    expect(args).toEqual({ size: 'small', phone: '+14155552671', either: '415 555 2671', orderId: 5 });
  });

  it('match a choice without case, accents and separators, but never lose a sign', () => {
    const sizeOf = (size: string) => prepare({ orderId: 'a', size }, call()).arguments['size'];
    expect(['SMALL', 'Check in', 'EXTRA-LARGE', ' -1'].map(sizeOf)).toEqual(['small', 'check_in', 'Extra Large', '-1']);
  });

  it('that are wrong are named once each, with every problem', () => {
    const { problems } = prepare({ size: 'huge', phone: '555', unknown: 1 }, call());
    expect(problems).toEqual([
      { path: 'phone', problem: 'is not a complete phone number: ask the caller for it digit by digit' },
      { path: 'orderId', problem: 'is missing' },
      { path: 'unknown', problem: 'is not a parameter of this function' },
      { path: 'size', problem: 'must be one of: small, Extra Large, check_in, -1, 1' },
    ]);
  });

  it('called like a property of every object are missing unless given', () => {
    const check = compileArguments({ schema: { type: 'object', required: ['constructor', 'toString'] }, speech });
    expect(check({}, call()).problems.map(({ path }) => path)).toEqual(['constructor', 'toString']);
  });
});

describe('fixed and bound arguments', () => {
  const prepare = compileArguments({ schema: order, speech, static: { size: 'small' }, bound: { tenant: 'tenant', phone: 'callerNumber' } });

  it('take the place of what the model gave under their names', () => {
    const given = { orderId: 'a', size: 'huge', tenant: 'another', phone: '+1' };
    const { arguments: args, origins } = prepare(given, call({ variables: { tenant: 'acme' } }));
    expect(args).toEqual({ orderId: 'a', size: 'small', tenant: 'acme', phone: '+14155552671' });
    expect(origins).toEqual({ size: 'static', tenant: 'variable', phone: 'variable' });
  });

  it('are absent when the call has no such variable, whatever the model gave', () => {
    const { arguments: args } = prepare({ orderId: 'a', tenant: 'another', phone: '+1' }, call({ session: { variables: {}, callerNumber: null } }));
    expect(args).toEqual({ orderId: 'a', size: 'small' });
  });

  it('are normalised like any other', () => {
    const spoken = call({ session: { variables: {}, callerNumber: '(415) 555-2671' } });
    expect(prepare({ orderId: 'a' }, spoken).arguments['phone']).toBe('+14155552671');
  });
});

describe('too large arguments', () => {
  const prepare = compileArguments({ schema: { type: 'object' }, speech });
  const nested = (levels: number): Record<string, unknown> => (levels === 1 ? {} : { a: nested(levels - 1) });
  const problemsOf = (args: Record<string, unknown>) => prepare(args, call()).problems;

  it('are refused beyond 32 levels', () => {
    expect(problemsOf(nested(32))).toEqual([]);
    expect(problemsOf(nested(33))).toEqual([{ path: '', problem: 'the arguments are nested deeper than 32 levels' }]);
    expect(problemsOf(nested(5_000))).toHaveLength(1);
  });

  it('are refused beyond 64 KiB of JSON', () => {
    expect(problemsOf({ a: 'x'.repeat(65_536 - 8) })).toEqual([]);
    expect(problemsOf({ a: 'x'.repeat(65_536 - 7) })).toEqual([{ path: '', problem: 'the arguments are longer than 64 KiB' }]);
    expect(problemsOf({ a: '€'.repeat(22_000) })).toHaveLength(1);
  });

  it('are refused beyond a thousand values', () => {
    expect(problemsOf({ a: Array.from({ length: 998 }, () => 1) })).toEqual([]);
    expect(problemsOf({ a: Array.from({ length: 999 }, () => 1) })).toEqual([{ path: '', problem: 'the arguments are more than 1000 values' }]);
  });
});

describe('what cannot be compiled', () => {
  it('says which time zone there is not', () => {
    expect(() => compileArguments({ schema: {}, speech: { ...speech, timeZone: 'Mars/Base' } })).toThrow('There is no time zone Mars/Base.');
  });
});

const CANONICAL = {
  phone: fc.integer({ min: 2_002_000_000, max: 9_899_999_999 }).map((number) => `+1${number}`),
  email: fc.constantFrom('a@b.co', 'John.Smith@Example.com', "o'brien+tag@mail.example.org"),
  date: fc.date({ min: new Date('1900-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10)),
  time: fc.tuple(fc.nat(23), fc.nat(59)).map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':')),
  'date-time': fc.date({ min: new Date('1900-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }).map((date) => date.toISOString()),
  money: fc.tuple(fc.nat(1_000_000), fc.nat(99)).map(([whole, cents]) => `${whole}.${String(cents).padStart(2, '0')} USD`),
  digits: fc.stringMatching(/^\d{1,20}$/),
};

describe('whatever a model gives', () => {
  const properties = {
    ...Object.fromEntries(Object.keys(CANONICAL).map((format) => [format, { type: 'string', format }])),
    count: { type: 'integer' },
    price: { type: 'number' },
    yes: { type: 'boolean' },
    size: { enum: ['small', 'large'] },
    list: { type: 'array', items: { type: 'integer' } },
  };
  const schema = { type: 'object', properties, additionalProperties: false };
  const compiled = (['en', 'es', 'de'] as const).map((language) => compileArguments({ schema, speech: SPEECH[language] }));

  it('a canonical value stays, also beside a wrong one', () => {
    const canonical = fc.record({ ...CANONICAL, count: fc.integer(), price: fc.double({ noNaN: true, noDefaultInfinity: true }), yes: fc.boolean() });
    fc.assert(
      fc.property(canonical, (args) => {
        for (const prepare of compiled) {
          expect(prepare(args, call()).problems).toEqual([]);
          expect(prepare({ ...args, size: 'huge' }, call()).arguments).toEqual({ ...args, size: 'huge' });
        }
      }),
    );
  });

  const WORDS = [
    'one two five twelve twenty fifty hundred past to half quarter am pm tomorrow friday at noon dollars point and plus double dot com march',
    'uno dos cinco doce veinte treinta y cien mil media cuarto menos de la tarde mañana viernes las euros con coma más doble punto arroba marzo',
    'eins zwei fünf zwölf zwanzig hundert nach vor halb viertel uhr abends morgen freitag um mittag euro komma und plus punkt at märz',
  ];

  it.each(WORDS.map((words, index) => [words, compiled[index]!] as const))('what was understood of "%s" is canonical', (words, prepare) => {
    const spoken = fc.array(fc.constantFrom(...words.split(' ')), { minLength: 1, maxLength: 7 }).map((said) => said.join(' '));
    const args = fc.record(Object.fromEntries(Object.keys(properties).map((name) => [name, spoken])), { requiredKeys: [] });
    fc.assert(
      fc.property(args, (given) => {
        const first = prepare(given, call());
        const again = prepare(first.arguments, call());
        expect(again.normalised).toEqual([]);
        expect(again.arguments).toEqual(first.arguments);
        const fields = new Set(again.problems.map(({ path }) => path));
        for (const { path } of first.normalised) expect(fields).not.toContain(path);
      }),
      { numRuns: 300 },
    );
  });

  it('preparing it does not throw', () => {
    const name = fc.oneof(fc.constantFrom(...Object.keys(properties), '__proto__', 'constructor'), fc.string());
    const anything = fc.dictionary(name, fc.oneof(fc.jsonValue(), fc.string({ unit: 'binary' })), { noNullPrototype: true });
    fc.assert(
      fc.property(anything, fc.array(fc.string()), (args, callerTurns) => {
        const given = JSON.parse(JSON.stringify(args)) as Record<string, unknown>;
        for (const prepare of compiled) expect(prepare(given, call({ callerTurns })).problems).toBeInstanceOf(Array);
      }),
      { numRuns: 200 },
    );
  });
});
