import { describe, expect, it } from '@jest/globals';
import type { ResponseRules } from '@patchbay/contracts/action';
import type { Answered } from './send-result.ts';
import { type Shaped, compileResponse } from './shape-response.ts';

function answered(body: unknown, changes: Partial<Answered> = {}): Answered {
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  return {
    kind: 'answered',
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: bytes,
    wireBytes: bytes.length,
    decodedBytes: bytes.length,
    redirectRefused: false,
    timings: { totalMs: 1, reusedConnection: true },
    ...changes,
  };
}

function shape(rules: ResponseRules | undefined, answer: Answered, args: Record<string, unknown> = {}): Shaped {
  return compileResponse(rules)(answer, args);
}

describe('compileResponse without rules', () => {
  it('gives the JSON of a 2xx', () => {
    const body = { ok: true, say: 'Done.' };

    expect(shape(undefined, answered(body, { status: 201 }))).toEqual({
      kind: 'success',
      result: body,
      body,
      missing: [],
    });
  });

  it('gives the text of what is no JSON', () => {
    expect(shape(undefined, answered('all\u202e good', { headers: {} })).result).toBe('all good');
  });

  it.each([
    ['', null],
    ['[]', []],
    ['{"items":[],"next":null,"note":" "}', { items: [], next: null, note: ' ' }],
  ])('says something about %j', (text, result) => {
    expect(shape(undefined, answered(text))).toMatchObject({
      kind: 'success',
      result,
      say: 'The answer came, but there was nothing in it.',
    });
  });

  it('says what the caller wants said about nothing', () => {
    expect(compileResponse(undefined, { sayEmpty: 'Done.' })(answered('', { status: 204 }), {}).say).toBe('Done.');
  });

  it.each(['{"total":0}', '{"found":false}', '0'])('has no sentence for %s, which says something', (text) => {
    expect(shape(undefined, answered(text)).say).toBeUndefined();
  });

  it('is a failure by status, with the body for those who know how to read it', () => {
    expect(shape(undefined, answered({ hint: 'ask for the number' }, { status: 404 }))).toEqual({
      kind: 'failure',
      result: null,
      body: { hint: 'ask for the number' },
      missing: [],
    });
  });

  it('is unreadable when JSON is announced and does not come', () => {
    expect(shape(undefined, answered('{"a":'))).toEqual({
      kind: 'unreadable',
      result: null,
      body: null,
      missing: [],
      problem: 'the answer is not valid JSON',
    });
  });

  it.each([
    ['JSON', JSON.stringify(['ü'.repeat(40_000)]), {}],
    ['text', 'ü'.repeat(40_000), { headers: {} }],
  ])('cuts %s at 64 KiB', (_name, text, changes) => {
    const { kind, result } = shape(undefined, answered(text, changes));

    expect(kind).toBe('success');
    expect(Buffer.byteLength(String(result))).toBeLessThanOrEqual(65_536);
    expect(String(result)).toMatch(/ü\[truncated\]$/);
  });
});

describe('compileResponse with rules', () => {
  const order = { data: { order: { id: 'o_1', status: 'sent', token: 'tok_secret' } }, lines: [{ sku_no: 'a', n: 1 }] };

  it('is a failure when a 200 says so, and the first rule that is true counts', () => {
    const rules: ResponseRules = {
      errors: [
        {
          when: 'body.error == "gone"',
          code: 'not_found',
          message: 'No such order.',
          say: 'I cannot find that order.',
        },
        { when: 'has(body.error)', code: 'provider_rejected' },
      ],
    };

    expect(shape(rules, answered({ error: 'gone' }))).toEqual({
      kind: 'failure',
      error: { code: 'not_found', message: 'No such order.', say: 'I cannot find that order.' },
      result: null,
      body: { error: 'gone' },
      missing: [],
    });
    expect(shape(rules, answered({ error: 'other' })).error).toEqual({ code: 'provider_rejected' });
    expect(shape(rules, answered({ id: 1 })).kind).toBe('success');
  });

  it('goes by the success condition in both directions', () => {
    const rules = { success: 'body.ok == true || status == 404' };

    expect(shape(rules, answered({ ok: false })).kind).toBe('failure');
    expect(shape(rules, answered({ error: 'none' }, { status: 404 })).kind).toBe('success');
  });

  it('finds an error rule for an answer that cannot be read', () => {
    const rules: ResponseRules = { errors: [{ when: 'status == 402', code: 'quota_exhausted' }] };

    expect(shape(rules, answered('<', { status: 402 }))).toMatchObject({
      kind: 'failure',
      error: { code: 'quota_exhausted' },
    });
    expect(shape(rules, answered('<', { status: 500 })).kind).toBe('unreadable');
  });

  it('masks, picks, renames and lists what was missing', () => {
    const rules: ResponseRules = {
      schema: { properties: { data: { properties: { order: { properties: { token: { 'x-secret': true } } } } } } },
      pick: ['data.order', 'lines.*.sku_no', 'total'],
      rename: { 'data.order.status': 'status', 'lines.*.sku_no': 'sku', 'nothing.here': 'x' },
    };

    expect(shape(rules, answered(order))).toEqual({
      kind: 'success',
      result: { data: { order: { id: 'o_1', token: '[secret]' } }, lines: [{ sku: 'a' }], status: 'sent' },
      body: order,
      missing: ['total', 'nothing.here'],
    });
  });

  it('speaks from the result and the arguments, never from what was not picked or is secret', () => {
    const schema = { properties: { data: { properties: { order: { properties: { token: { 'x-secret': true } } } } } } };
    const speak = (say: string): Shaped => shape({ schema, pick: ['data'], say }, answered(order), { orderId: 7 });

    expect(speak('Order {{ arguments.orderId }} is {{ result.data.order.status }}.').say).toBe('Order 7 is sent.');
    expect(speak('{{ result.data.order.token }}').say).toBe('[secret]');
    expect(speak('{{ result.lines.size }}')).toMatchObject({
      kind: 'success',
      result: { data: expect.anything() },
      problem: 'the template cannot be rendered: undefined variable: result.lines, line:1, col:4',
    });
    expect(speak('{{ result.lines.size }}').say).toBeUndefined();
  });

  it.each([
    [{ sayEmpty: 'I found nothing.' }, 'I found nothing.'],
    [{ sayEmpty: 'I found nothing.', say: 'Found {{ result.items.size }}.' }, 'I found nothing.'],
    [{ say: 'Found {{ result.items.size }}.' }, 'Found 0.'],
    [{ say: '{{ result.nothing }}' }, 'The answer came, but there was nothing in it.'],
    [{}, 'The answer came, but there was nothing in it.'],
  ])('says something about an empty list with %j', (rules, say) => {
    expect(shape(rules, answered({ items: [] })).say).toBe(say);
  });

  it('cuts after picking, so that a small part of a large answer arrives whole', () => {
    const large = { id: 'o_1', noise: 'x'.repeat(100_000) };

    expect(shape({ pick: ['id'] }, answered(large)).result).toEqual({ id: 'o_1' });
    expect(shape({ rename: { id: 'orderId' } }, answered(large)).result).toMatch(/^\{"noise":"x+\[truncated\]$/);
  });

  it('does not show a secret in a result that was cut', () => {
    const schema = { properties: { token: { 'x-secret': true } } };

    expect(
      String(shape({ schema }, answered({ token: 'tok_secret', noise: 'x'.repeat(100_000) })).result),
    ).not.toContain('tok_secret');
  });

  it.each<ResponseRules>([
    { success: 'status =' },
    { errors: [{ when: 'nope', code: 'not_found' }] },
    { say: '{{' },
    { pick: ['a..b'] },
  ])('refuses %j when it is compiled', (rules) => {
    expect(() => compileResponse(rules)).toThrow(expect.objectContaining({ name: 'RuleError' }));
  });
});
