import { describe, expect, it } from '@jest/globals';
import { placeArguments } from './place-arguments.ts';
import { PlacementError } from './placement-error.ts';

const ORDER_URL = 'https://api.example.com/v1/orders/{orderId}';

function problemOf(place: () => unknown): { argument: string; problem: string } {
  try {
    place();
  } catch (error) {
    if (error instanceof PlacementError) return { argument: error.argument, problem: error.problem };
    throw error;
  }
  throw new Error('the arguments were placed');
}

describe('placeArguments', () => {
  it('puts arguments of a GET into path and query', () => {
    const placed = placeArguments(
      { method: 'GET', url: ORDER_URL },
      { orderId: 'A 1-ü', expand: 'lines & totals', limit: 5, open: true },
    );

    expect(placed).toEqual({
      method: 'GET',
      url: 'https://api.example.com/v1/orders/A%201-%C3%BC?expand=lines+%26+totals&limit=5&open=true',
      headers: {},
    });
  });

  it('repeats the name for an array of scalars and writes everything else as JSON', () => {
    const placed = placeArguments(
      { method: 'DELETE', url: 'https://api.example.com/v1/orders' },
      { id: ['a', 2, true], none: [], mixed: ['a', null], filter: { open: true } },
    );

    const query = new URL(placed.url).searchParams;
    expect(query.getAll('id')).toEqual(['a', '2', 'true']);
    expect(query.has('none')).toBe(false);
    expect(query.getAll('mixed')).toEqual(['["a",null]']);
    expect(query.getAll('filter')).toEqual(['{"open":true}']);
  });

  it.each(['POST', 'PUT', 'PATCH'] as const)('puts what is not in the path of a %s into a JSON body', (method) => {
    const placed = placeArguments(
      { method, url: ORDER_URL },
      { orderId: 7, note: 'hi', lines: [{ sku: 'x' }], coupon: null, gone: undefined },
    );

    expect(placed).toEqual({
      method,
      url: 'https://api.example.com/v1/orders/7',
      body: '{"note":"hi","lines":[{"sku":"x"}],"coupon":null}',
      headers: { 'content-type': 'application/json' },
    });
  });

  it('sends an empty object when a POST has no arguments', () => {
    expect(placeArguments({ method: 'POST', url: 'https://api.example.com/ping' }, {}).body).toBe('{}');
  });

  it('leaves null and undefined out of a query', () => {
    expect(placeArguments({ method: 'GET', url: 'https://api.example.com/a' }, { x: null, y: undefined }).url).toBe(
      'https://api.example.com/a',
    );
  });

  it('keeps the query of the template and adds to it', () => {
    const placed = placeArguments({ method: 'GET', url: 'https://api.example.com/a?v=2' }, { q: 'x' });

    expect(placed.url).toBe('https://api.example.com/a?v=2&q=x');
  });

  it('fills several placeholders of one segment, and the same one twice', () => {
    const placed = placeArguments({ method: 'GET', url: 'https://api.example.com/{a}-{b}/{a}.json' }, { a: 1, b: 'x' });

    expect(placed.url).toBe('https://api.example.com/1-x/1.json');
  });

  it('carries an argument called __proto__ in the body like any other', () => {
    const args: Record<string, unknown> = JSON.parse('{"__proto__":{"admin":true},"a":1}');

    expect(placeArguments({ method: 'POST', url: 'https://api.example.com/a' }, args).body).toBe(
      '{"__proto__":{"admin":true},"a":1}',
    );
  });

  it.each([
    ['missing', undefined, 'is missing'],
    ['null', null, 'is missing'],
    ['empty', '', 'is empty'],
    ['an object', {}, 'must be a string'],
    ['an array', ['a'], 'must be a string'],
    ['not a number', Number.NaN, 'is not a finite number'],
    ['a dot', '.', 'would change the path'],
    ['two dots', '..', 'would change the path'],
    ['encoded dots', '%2e%2E', 'would change the path'],
    ['dots and a path parameter', '..;v=1', 'would change the path'],
    ['a slash', 'a/b', 'slash'],
    ['a backslash', 'a\\b', 'slash'],
    ['an encoded slash', 'a%2fb', 'slash'],
    ['an encoded backslash', 'a%5Cb', 'slash'],
    ['a slash encoded twice', 'a%252fb', 'slash'],
    ['an encoded slash beside a broken escape', '%2f%zz%', 'slash'],
    ['a line break', 'a\r\nx-evil: 1', 'control character'],
    ['an encoded NUL', 'a%00', 'control character'],
    ['a C1 control character', 'a\u0085', 'control character'],
    ['half a surrogate pair', 'a\ud800', 'not valid Unicode'],
    ['very long', 'a'.repeat(1_025), 'is longer than'],
  ])('refuses a path argument that is %s', (_name, value, problem) => {
    const found = problemOf(() => placeArguments({ method: 'GET', url: ORDER_URL }, { orderId: value }));

    expect(found.argument).toBe('orderId');
    expect(found.problem).toContain(problem);
  });

  it('refuses arguments that spell ".." only together with their segment', () => {
    const found = problemOf(() =>
      placeArguments({ method: 'GET', url: 'https://api.example.com/a/.{x}/b' }, { x: ' ' }),
    );
    expect(found).toEqual({ argument: 'x', problem: 'makes a "." or ".." of its path segment' });
  });

  it('takes no path argument from the prototype', () => {
    const found = problemOf(() => placeArguments({ method: 'GET', url: 'https://api.example.com/{constructor}' }, {}));

    expect(found).toEqual({ argument: 'constructor', problem: 'is missing, and the path needs it' });
  });

  it('refuses an argument that repeats a query name of the template', () => {
    const found = problemOf(() =>
      placeArguments({ method: 'GET', url: 'https://api.example.com/a?tenant=1' }, { tenant: '2' }),
    );

    expect(found).toEqual({ argument: 'tenant', problem: 'is fixed by the url and cannot be an argument' });
  });

  it('names the argument that cannot be written as JSON', () => {
    const circular: Record<string, unknown> = {};
    circular.self = circular;

    expect(
      problemOf(() => placeArguments({ method: 'GET', url: 'https://api.example.com/a' }, { circular })).argument,
    ).toBe('circular');
    expect(
      problemOf(() => placeArguments({ method: 'POST', url: 'https://api.example.com/a' }, { circular })).problem,
    ).toContain('JSON');
  });

  it.each([
    'https://{host}.example.com/a',
    'https://api.example.com:{port}/a',
    'https://user:pass@api.example.com/a',
    'ftp://api.example.com/a',
    'api.example.com/a',
    'https://api.example.com/a?x={x}',
    'https://api.example.com/a#{x}',
    'https://api.example.com/a/../b/{x}',
    'https://api.example.com/a/%2e%2e/{x}',
    'https://api.example.com\\@evil.example/{x}',
    'https://api.example.com/a\\{x}',
    'https://api.example.com/{}',
    'https://api.example.com/{x',
  ])('refuses the template %s', (url) => {
    expect(problemOf(() => placeArguments({ method: 'GET', url }, { x: '1', host: 'h', port: '1' })).argument).toBe(
      'url',
    );
  });
});
