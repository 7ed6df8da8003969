import { describe, expect, it } from '@jest/globals';
import { NOW, SPEECH } from '../../testing/hear.ts';
import { CallerWords } from './caller-words.ts';
import { compileArguments } from './compile-arguments.ts';
import { originsOf } from './origins.ts';
import type { CallContext } from './prepared-arguments.ts';

function call(callerTurns: string[], variables: Record<string, unknown> = {}): CallContext {
  return { session: { variables, callerNumber: '+14155552671' }, callerTurns, now: NOW };
}

function originOf(value: unknown, context: CallContext, language: keyof typeof SPEECH = 'en'): unknown {
  const prepared = { arguments: { value }, origins: {}, normalised: [] };
  return originsOf(prepared, inWords(context), SPEECH[language])['value'];
}

function inWords({ callerTurns, ...context }: CallContext) {
  return { ...context, caller: new CallerWords(callerTurns) };
}

/** Longer than what decides at first glance. */
const STORY = 'the parcel came on a rainy day and nobody was at home so the man left it with the neighbours who then went away for three weeks';

const SAID: [value: unknown, said: string][] = [
  ['12345', 'my order is one two three four five'],
  ['12345', 'my order is 1 2 3 4 5 okay'],
  ['0042', 'it is double oh four two'],
  ['AB12', 'a b twelve'],
  ['+15551234567', 'call me at five five five one two three four five six seven please'],
  ['+15551234567', 'my number is 555-123-4567'],
  ['+15551234567', 'plus one five five five one two three four five six seven'],
  ['john.smith@gmail.com', 'sure it is j o h n dot smith at gmail dot com'],
  ['john_s@example.co.uk', 'john underscore s at example dot co dot uk'],
  ['Peter O’Brien', 'this is peter obrien speaking'],
  ['Zoë', 'I am zoe'],
  ['New York', 'to new york'],
  ['Smith', 'smith, s m i t h'],
  ['check_in', 'I want to check in'],
  [500, 'five hundred of them'],
  [23, 'about twenty three'],
  [3.5, 'three point five'],
  ['2026-11-26', 'can I come tomorrow'],
  ['2026-12-04', 'next friday would be great'],
  ['2027-03-03', 'on the third of march'],
  ['17:30', 'at half past five'],
  ['17:30', 'five thirty in the evening'],
  ['2026-11-26T12:00:00-05:00', 'tomorrow at noon'],
  ['2026-11-27T22:00:00Z', 'on friday, at five pm'],
  ['12.50 USD', 'I paid twelve fifty dollars'],
  ['12.50 USD', 'twelve dollars and fifty cents'],
  [['small', 'large'], 'one small and one large'],
  [{ city: 'Berlin', zip: '10115' }, 'berlin one oh one one five'],
  [`${STORY}.`, STORY],
  ['2028-02-29', 'on the twenty ninth of february'],
];

const NOT_SAID: [value: unknown, said: string][] = [
  ['12345', 'one two three four six'],
  ['1234', 'it is 12345'],
  ['ann', 'joanne'],
  ['john.smith@gmail.com', 'john at smith dot com'],
  ['+15551234567', 'five five five one two three'],
  [24, 'twenty three'],
  ['2026-11-27', 'tomorrow'],
  ['2026-11-26T12:00:00-05:00', 'tomorrow at eleven'],
  ['2027-11-26', 'on friday'],
  ['17:30', 'half past six'],
  ['12.50 USD', 'twelve dollars'],
  [true, 'true'],
  ['', 'anything'],
  ['---', 'anything'],
  [null, 'null'],
  [`${STORY} and a half`, STORY],
  [`Yesterday ${STORY}`, STORY],
  ['2027-02-29', 'on the twenty ninth of february'],
  [{ city: 'Berlin', zip: '10115' }, 'berlin please'],
];

describe('an argument', () => {
  it.each(SAID)('%j comes from the caller who said "%s"', (value, said) => {
    expect(originOf(value, call(['hello', said]))).toBe('caller');
  });

  it.each(NOT_SAID)('%j comes from the model when the caller said "%s"', (value, said) => {
    expect(originOf(value, call([said]))).toBe('model');
  });

  it('may be said over several turns', () => {
    expect(originOf('+15551234567', call(['five five five', 'one two three', 'four five six seven']))).toBe('caller');
  });

  it('is recognised in other languages', () => {
    expect(originOf('+34612345678', call(['seiscientos doce treinta y cuatro cincuenta y seis setenta y ocho']), 'es')).toBe('caller');
    expect(originOf('2026-11-26T17:30:00+01:00', call(['morgen um halb sechs abends']), 'de')).toBe('caller');
    expect(originOf(523, call(['fünfhundertdreiundzwanzig Stück']), 'de')).toBe('caller');
  });

  it('equal to a session variable comes from there, unless it is so short that it may be chance', () => {
    expect(originOf('cus_123', call([], { customerId: 'cus_123' }))).toBe('variable');
    expect(originOf('+14155552671', call([]))).toBe('variable');
    expect(originOf('US', call([], { country: 'US' }))).toBe('model');
    expect(originOf(3, call([], { visits: 3 }))).toBe('model');
  });

  it('that was normalised comes from the caller who said it as it was before', () => {
    const schema = { type: 'object', properties: { gift: { type: 'boolean' } } };
    const prepared = compileArguments({ schema, speech: SPEECH.en })({ gift: 'yes' }, call([]));
    expect(originsOf(prepared, inWords(call(['yes it is'])), SPEECH.en)).toEqual({ gift: 'caller' });
  });
});

describe('what was said once', () => {
  const caller = new CallerWords(['tomorrow at noon']);
  const originsIn = (args: Record<string, unknown>, now: Date) =>
    originsOf({ arguments: args, origins: {}, normalised: [] }, { ...inWords(call([])), caller, now }, SPEECH.en);

  it('means another day on another day', () => {
    const dayLater = new Date(NOW.getTime() + 24 * 3_600_000);
    expect(originsIn({ first: '2026-11-26', second: '2026-11-27' }, NOW)).toEqual({ first: 'caller', second: 'model' });
    expect(originsIn({ first: '2026-11-26', second: '2026-11-27' }, dayLater)).toEqual({ first: 'model', second: 'caller' });
  });

  it('means other money in another country', () => {
    const said = new CallerWords(['twelve fifty dollars']);
    const moneyIn = (region: string) =>
      originsOf({ arguments: { paid: '12.50 AUD' }, origins: {}, normalised: [] }, { ...inWords(call([])), caller: said }, { ...SPEECH.en, region });
    expect([moneyIn('US'), moneyIn('AU'), moneyIn('US')]).toEqual([{ paid: 'model' }, { paid: 'caller' }, { paid: 'model' }]);
  });
});

describe('a rule about origins', () => {
  const schema = { type: 'object', properties: { email: { type: 'string', format: 'email' }, phone: { type: 'string' }, note: { type: 'string' } } };
  const prepare = compileArguments({ schema, speech: SPEECH.en, origins: { email: ['caller'], phone: ['caller', 'variable'] } });

  it('refuses what the model made up, and says to ask', () => {
    const { problems, origins } = prepare({ email: 'evil@example.com', phone: '+1999', note: 'x' }, call(['hello']));
    expect(origins).toEqual({ email: 'model', phone: 'model' });
    expect(problems).toEqual([
      { path: 'email', problem: 'must come from the caller: ask for it' },
      { path: 'phone', problem: 'must come from the caller or what is known of the call: ask for it' },
    ]);
  });

  it('lets pass what was said, in its spoken form too', () => {
    const said = call(['bob at example dot com'], { home: '+14155550000' });
    expect(prepare({ email: 'bob at example dot com', phone: '+14155550000' }, said).problems).toEqual([]);
  });

  it('counts a value that the caller said and the call knows as the caller’s where only that is allowed', () => {
    expect(prepare({ email: 'bob@example.com' }, call(['bob at example dot com'], { email: 'bob@example.com' })).problems).toEqual([]);
    expect(prepare({ email: 'bob@example.com' }, call([], { email: 'bob@example.com' })).problems).toHaveLength(1);
  });

  it('does not ask for what was not given', () => {
    expect(prepare({}, call([])).problems).toEqual([]);
  });
});
