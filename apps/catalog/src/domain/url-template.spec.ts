import { describe, expect, it } from '@jest/globals';
import { CallTimeRules } from '../outside/call-time-rules.ts';
import { Parameters } from './parameters.ts';
import { urlProblems } from './url-template.ts';

const PARAMETERS = {
  type: 'object',
  properties: {
    orderId: { type: 'string' },
    page: { type: ['integer', 'string'] },
    note: { type: 'string' },
    items: { type: 'array' },
  },
  required: ['orderId', 'page', 'items'],
};
const problemsOf = (url: string, method: 'GET' | 'POST' = 'POST') =>
  urlProblems({ method, url }, new Parameters(PARAMETERS), new CallTimeRules());

describe('the URL of a tool', () => {
  it.each([
    'https://example.com',
    'http://example.com:8080/orders?expand=lines',
    'https://example.com/orders/{orderId}/pages/{page}.json',
  ])('may be %s', (url) => {
    expect(problemsOf(url)).toEqual([]);
  });

  it.each([
    ['another scheme', 'ftp://example.com/orders'],
    ['a user name', 'https://user:pass@example.com/orders'],
    ['a fragment', 'https://example.com/orders#top'],
    ['a fragment with a placeholder', 'https://example.com/orders#{orderId}'],
    ['a placeholder in the host', 'https://{orderId}.example.com/orders'],
    ['a placeholder in the query', 'https://example.com/orders?id={orderId}'],
    ['a brace without its partner', 'https://example.com/orders/{orderId'],
    ['a placeholder without a name', 'https://example.com/orders/{}'],
    ['dots that leave the path', 'https://example.com/orders/../{orderId}'],
    ['a placeholder nobody fills in', 'https://example.com/orders/{customerId}'],
    ['a placeholder from the prototype', 'https://example.com/orders/{constructor}'],
    ['a placeholder that may be absent', 'https://example.com/orders/{note}'],
  ])('may not have %s', (_what, url) => {
    expect(problemsOf(url)).toEqual([{ path: 'http.url', problem: expect.any(String) }]);
  });

  it('names the parameter whose type cannot stand in a path', () => {
    expect(problemsOf('https://example.com/{items}')).toEqual([
      {
        path: 'parameters.properties.items.type',
        problem: 'must be string, number or integer: the parameter stands in the path',
      },
    ]);
  });

  it('may not fix in its query what the model is asked for', () => {
    expect(problemsOf('https://example.com/orders?note=hello', 'GET')).toEqual([
      { path: 'parameters.properties.note', problem: 'is already fixed in the query of http.url' },
    ]);
    expect(problemsOf('https://example.com/orders?note=hello', 'POST')).toEqual([]);
  });

  it('may fix in its query what goes there under another name', () => {
    const http = { method: 'GET', url: 'https://example.com/?note=a', places: { note: { in: 'query', name: 'text' } } } as const;

    expect(urlProblems(http, new Parameters(PARAMETERS), new CallTimeRules())).toEqual([]);
  });
});
