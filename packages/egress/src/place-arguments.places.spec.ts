import { describe, expect, it } from '@jest/globals';
import type { HttpRequestTemplate } from '@patchbay/contracts/action';
import { placeArguments } from './place-arguments.ts';
import { PlacementError } from './placement-error.ts';

const url = 'https://api.example.com/v1/orders';

function place(
  template: Partial<HttpRequestTemplate>,
  args: Record<string, unknown> = {},
): ReturnType<typeof placeArguments> {
  return placeArguments({ method: 'POST', url, ...template }, args, {
    tool: 'check_order',
    organizationId: 'org_a',
    agentId: 'agt_a',
    sessionId: 'ses_a',
    callerNumber: null,
    timestamp: '2026-05-01T10:00:00.000Z',
  });
}

function problemOf(template: Partial<HttpRequestTemplate>, args: Record<string, unknown> = {}): string {
  try {
    place(template, args);
  } catch (error) {
    if (error instanceof PlacementError) return error.message;
    throw error;
  }
  throw new Error('the arguments were placed');
}

describe('places of arguments', () => {
  it('go where the template says, under the name it gives', () => {
    const places = {
      tenant: { in: 'query', name: 'tenant_id' },
      trace: { in: 'header', name: 'X-Request-Tag' },
      note: { in: 'body', name: 'comment' },
    } as const;

    expect(place({ places }, { tenant: 'a b', trace: 7, note: 'hi', amount: 5 })).toEqual({
      method: 'POST',
      url: `${url}?tenant_id=a+b`,
      headers: { 'content-type': 'application/json', 'x-request-tag': '7' },
      body: '{"comment":"hi","amount":5}',
    });
  });

  it('are the query of a GET unless a header is named', () => {
    const placed = place(
      { method: 'GET', places: { region: { in: 'header', name: 'x-region' } } },
      { region: 'eu', q: 'tea' },
    );

    expect(placed).toEqual({ method: 'GET', url: `${url}?q=tea`, headers: { 'x-region': 'eu' } });
  });

  it('give a DELETE a body only when one is placed there', () => {
    expect(place({ method: 'DELETE' }, { reason: 'x' }).body).toBeUndefined();
    expect(place({ method: 'DELETE', places: { reason: { in: 'body' } } }, { reason: 'x' }).body).toBe(
      '{"reason":"x"}',
    );
  });

  it('leave out an absent header', () => {
    const places = { tag: { in: 'header', name: 'x-tag' } } as const;

    expect(place({ places }, { tag: null }).headers).toEqual({ 'content-type': 'application/json' });
    expect(place({ places }, {}).headers).toEqual({ 'content-type': 'application/json' });
  });

  it.each([
    ['a line break', 'a\r\nx-evil: 1', 'has characters that cannot stand in a header'],
    ['a lone line feed', 'a\nb', 'has characters that cannot stand in a header'],
    ['NUL', 'a\0', 'has characters that cannot stand in a header'],
    ['a letter beyond ASCII', 'Zoë', 'has characters that cannot stand in a header'],
    ['a letter that becomes a line break in Latin-1', '\u010d\u010a', 'has characters that cannot stand in a header'],
    ['white space at its end', 'a ', 'has characters that cannot stand in a header'],
    ['nothing', '', 'is empty, and a header needs a value'],
    ['more than 2,000 characters', 'a'.repeat(2_001), 'is longer than 2000 characters'],
    ['a list', ['a'], 'must be a string, a number or a boolean to be a header'],
  ])('refuse a header with %s', (_name, tag, problem) => {
    expect(problemOf({ places: { tag: { in: 'header', name: 'x-tag' } } }, { tag })).toBe(`tag ${problem}`);
  });

  it.each([
    ...'host Host content-length transfer-encoding connection te upgrade expect trailer keep-alive'.split(' '),
    ...'authorization Authorization cookie set-cookie proxy-authorization x-forwarded-for x-forwarded-host forwarded'.split(
      ' ',
    ),
    ...'idempotency-key Idempotency-Key webhook-id webhook-signature webhook-timestamp traceparent baggage x-real-ip'.split(
      ' ',
    ),
    ...'content-type content-encoding accept-encoding x-http-method-override x-original-url origin sec-fetch-site __proto__'.split(
      ' ',
    ),
  ])('refuse the header %s', (name) => {
    expect(problemOf({ places: { tag: { in: 'header', name } } })).toContain(
      `cannot be placed in the header ${name.toLowerCase()}`,
    );
  });

  it.each(['x tag', 'x:tag', 'x\r\ny', 'x\u00e4', ''])('refuse the header name %j', (name) => {
    expect(problemOf({ places: { tag: { in: 'header', name } } })).toContain('whose name is not one');
  });

  it.each<[Partial<HttpRequestTemplate>, string]>([
    [{ method: 'GET', places: { a: { in: 'body' } } }, 'places has an argument in the body, which a GET has not'],
    [{ method: 'GET', body: 'form' }, 'body is form, and a GET has no body'],
    [{ url: `${url}/{a}`, places: { a: { in: 'query' } } }, 'a is in the path already'],
    [
      { url: `${url}?v=1`, places: { a: { in: 'query', name: 'v' } } },
      'a is fixed by the url and cannot be an argument',
    ],
    [
      { places: { a: { in: 'header', name: 'x-a' }, b: { in: 'header', name: 'X-A' } } },
      'b is placed in the header x-a, which has a value already',
    ],
    [
      { headers: { 'X-A': '1' }, places: { a: { in: 'header', name: 'x-a' } } },
      'a is placed in the header x-a, which has a value already',
    ],
    [
      { headers: { Authorization: 'Bearer x' } },
      'headers.Authorization comes from the connection or from Patchbay and cannot be fixed',
    ],
    [{ headers: { Host: 'evil.example' } }, 'headers.Host is set by the sender'],
    [{ headers: { 'x-a': 'a\r\nb: c' } }, 'headers.x-a has characters that cannot stand in a header'],
    [{ headers: { 'x-a': '1', 'X-A': '2' } }, 'headers.X-A is given twice'],
  ])('refuse the template %j', (template, problem) => {
    expect(problemOf(template)).toBe(problem);
  });

  it.each([
    [
      { a: { in: 'query', name: 'x' }, b: { in: 'query', name: 'x' } },
      'b has the name of another argument in the query',
    ],
    [{ a: { in: 'body', name: 'b' } }, 'b has the name of another argument in the body'],
  ] as const)('refuse two arguments with one name (%j)', (places, problem) => {
    expect(problemOf({ places }, { a: 1, b: 2 })).toBe(problem);
  });
});

describe('the body', () => {
  it('is a form when the template says so', () => {
    const placed = place(
      { body: 'form' },
      { name: 'Zoë & Co', tag: ['a', 'b'], gone: null, more: { x: 1 }, __proto: '=' },
    );

    expect(placed.headers).toEqual({ 'content-type': 'application/x-www-form-urlencoded' });
    expect([...new URLSearchParams(placed.body)]).toEqual([
      ['name', 'Zoë & Co'],
      ['tag', 'a'],
      ['tag', 'b'],
      ['more', '{"x":1}'],
      ['__proto', '='],
    ]);
  });

  it('is an envelope with who asks, and the arguments that are nowhere else', () => {
    const placed = place({ body: 'envelope', url: `${url}/{orderId}` }, { orderId: 7, note: null, tool: 'other' });

    expect(placed.headers).toEqual({ 'content-type': 'application/json' });
    expect(JSON.parse(placed.body ?? '')).toEqual({
      tool: 'check_order',
      organizationId: 'org_a',
      agentId: 'agt_a',
      sessionId: 'ses_a',
      callerNumber: null,
      timestamp: '2026-05-01T10:00:00.000Z',
      arguments: { note: null, tool: 'other' },
    });
  });

  it('is no envelope without its context', () => {
    expect(() => placeArguments({ method: 'POST', url, body: 'envelope' }, {})).toThrow(TypeError);
  });

  it('may have another content type that is fixed', () => {
    expect(place({ headers: { 'Content-Type': 'application/vnd.api+json', 'X-Api-Version': '2' } }).headers).toEqual({
      'content-type': 'application/vnd.api+json',
      'x-api-version': '2',
    });
  });

  it('takes nothing from one request into the next', () => {
    const template: HttpRequestTemplate = {
      method: 'POST',
      url,
      headers: { 'x-a': '1' },
      places: { tag: { in: 'header', name: 'x-tag' } },
    };

    placeArguments(template, { tag: 'one' });

    expect(placeArguments(template, {}).headers).toEqual({ 'content-type': 'application/json', 'x-a': '1' });
  });
});
