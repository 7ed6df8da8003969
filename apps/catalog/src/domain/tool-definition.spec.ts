import { describe, expect, it } from '@jest/globals';
import type { ActionRules, HttpRequestTemplate } from '@patchbay/contracts/action';
import { ToolDefinition } from '@patchbay/contracts/catalog';
import { ServiceError, type FieldProblem } from '@patchbay/contracts/errors';
import { CallTimeRules } from '../outside/call-time-rules.ts';
import { requireCallable } from './tool-definition.ts';

type Asked = Partial<Omit<ToolDefinition, 'http'>> & { http?: Partial<HttpRequestTemplate> };

/** A tool that books, as it may be written; a test changes the one thing it is about. */
function aTool({ http, ...asked }: Asked): ToolDefinition {
  return ToolDefinition.parse({
    name: 'Book',
    description: 'Books a slot.',
    effect: 'write.reversible',
    parameters: {
      type: 'object',
      properties: {
        slot: { type: 'string' },
        email: { type: 'string' },
        reference: { type: 'string' },
        seats: { type: 'integer' },
        tags: { type: 'array' },
      },
      required: ['slot', 'email'],
    },
    http: { method: 'POST', url: 'https://example.com/slots/{slot}?source=phone', ...http },
    ...asked,
  });
}

function problemsOf(asked: Asked): FieldProblem[] {
  try {
    requireCallable(aTool(asked), new CallTimeRules());
    return [];
  } catch (error) {
    expect(error).toMatchObject({ code: 'invalid_arguments' });
    return (error as ServiceError).details?.fields ?? [];
  }
}

const theOne = (path: string) => [{ path, problem: expect.any(String) }];
const aRead = (url: string, more: Partial<HttpRequestTemplate> = {}): HttpRequestTemplate => ({ method: 'GET', url, ...more });

describe('a tool', () => {
  it('may use every rule there is', () => {
    const rules: Asked = {
      timeoutMs: 600_000,
      expectedMs: 20_000,
      http: {
        body: 'form',
        headers: { accept: 'application/json', 'x-api-version': '2' },
        places: { email: { in: 'header', name: 'x-customer' }, seats: { in: 'query' }, reference: { in: 'body', name: 'ref' } },
      },
      response: {
        success: 'status == 201',
        errors: [{ when: 'status == 409', code: 'conflict_existing', say: 'That slot is taken.' }],
        pick: ['data.id', 'data.items.*.name'],
        rename: { 'data.id': 'booking' },
        say: 'Booked {{ arguments.slot }} as {{ result.booking }}.',
        schema: { type: 'object', properties: { data: { type: 'object', 'x-pii': true } } },
      },
      idempotency: { strategy: 'metadata_tag', parameter: 'reference' },
      verify: {
        http: aRead('https://example.com/bookings/{reference}', { places: { intentId: { in: 'query', name: 'tag' } } }),
        done: 'status == 200',
        notDone: 'status == 404',
      },
      poll: { http: aRead('https://example.com/jobs/{jobId}'), everyMs: 500, maxMs: 60_000, done: 'body.state == "done"' },
      limits: { perMinute: 30, burst: 5, concurrent: 2 },
    };

    expect(problemsOf(rules)).toEqual([]);
  });

  it('names everything that is wrong at once', () => {
    const fields = problemsOf({ http: { places: { nobody: { in: 'query' } } }, response: { success: 'status ==' }, expectedMs: 9_000 });

    expect(fields.map(({ path }) => path)).toEqual(['http.places.nobody', 'response.success', 'expectedMs']);
  });
});

describe('the request of a tool', () => {
  it.each<[string, Partial<HttpRequestTemplate>, string]>([
    ['a place for what is no parameter', { places: { constructor: { in: 'query' as const } } }, 'http.places.constructor'],
    ['a place for what stands in the path', { places: { slot: { in: 'query' } } }, 'http.places.slot'],
    ['two arguments in one place', { places: { email: { in: 'header', name: 'X-Who' }, seats: { in: 'header', name: 'x-who' } } }, 'http.places.seats'],
    ['an argument over the fixed query', { places: { email: { in: 'query', name: 'source' } } }, 'http.places.email'],
    ['an argument over a fixed header', { headers: { 'X-Who': 'us' }, places: { email: { in: 'header', name: 'x-who' } } }, 'http.places.email'],
    ['an argument in what is no header', { places: { email: { in: 'header', name: 'x who:' } } }, 'http.places.email'],
    ['an argument that makes the request another one', { places: { email: { in: 'header', name: 'Host' } } }, 'http.places.email'],
    ['an argument as a credential', { places: { email: { in: 'header', name: 'authorization' } } }, 'http.places.email'],
    ['a fixed secret', { headers: { Authorization: 'Bearer x' } }, 'http.headers.Authorization'],
    ['a fixed key', { headers: { 'X-API-Key': 'x' } }, 'http.headers.X-API-Key'],
    ['a fixed header of the platform', { headers: { 'webhook-id': '1' } }, 'http.headers.webhook-id'],
    ['one key for every call', { headers: { 'Idempotency-Key': '1' } }, 'http.headers.Idempotency-Key'],
    ['a form in a GET', { method: 'GET', body: 'form' }, 'http.body'],
    ['an argument in the body of a GET', { method: 'GET', places: { email: { in: 'body' } } }, 'http.places.email'],
    ['an argument where another goes by itself', { places: { email: { in: 'body', name: 'seats' } } }, 'http.places.email'],
    ['a list in a header', { places: { tags: { in: 'header', name: 'x-tags' } } }, 'parameters.properties.tags.type'],
  ])('may not have %s', (_what, http, path) => {
    expect(problemsOf({ http })).toEqual(theOne(path));
  });
});

describe('the answer of a tool', () => {
  it.each<[string, NonNullable<ActionRules['response']>, string]>([
    ['a success that cannot be read', { success: 'status == ' }, 'response.success'],
    ['a success that is not a yes or no', { success: 'status' }, 'response.success'],
    ['an error that cannot be told', { errors: [{ when: 'nonsense(', code: 'not_found' }] }, 'response.errors.0.when'],
    ['a path that is none', { pick: ['data.id', 'data..id'] }, 'response.pick.1'],
    ['a path out of the answer', { pick: ['__proto__.x'] }, 'response.pick.0'],
    ['a name for a path that is none', { rename: { 'data.': 'id' } }, 'response.rename.data.'],
    ['a name that no field can have', { rename: { 'data.id': '__proto__' } }, 'response'],
    ['one name for two', { rename: { a: 'id', b: 'id' } }, 'response.rename.b'],
    ['a sentence that cannot be read', { say: '{% if result %}' }, 'response.say'],
    ['a sentence with what nobody knows', { say: '{{ body.id }}' }, 'response.say'],
    ['a sentence with an unknown argument', { say: '{{ arguments.number }}' }, 'response.say'],
    ['a schema that does not compile', { schema: { type: 'object', properties: { a: { type: 'text' } } } }, 'response.schema.properties.a.type'],
    ['a schema from elsewhere', { schema: { $ref: 'https://example.com/s' } }, 'response.schema.$ref'],
  ])('may not have %s', (_what, response, path) => {
    expect(problemsOf({ response })).toEqual(theOne(path));
  });
});

describe('the names of an answer', () => {
  it('may be the same in two lists', () => {
    expect(problemsOf({ response: { rename: { 'a.*.order_id': 'id', 'b.*.order_id': 'id' } } })).toEqual([]);
  });
});

describe('what makes a repeat safe', () => {
  const verify = { http: aRead('https://example.com/bookings/{intentId}'), done: 'status == 200' };

  it.each<[string, Asked, string]>([
    ['an id in what is no parameter', { idempotency: { strategy: 'own_id', parameter: 'id' } }, 'idempotency.parameter'],
    ['an id in a number', { idempotency: { strategy: 'own_id', parameter: 'seats' } }, 'parameters.properties.seats.type'],
    ['a tag in what is no parameter', { idempotency: { strategy: 'metadata_tag', parameter: 'tag' }, verify }, 'idempotency.parameter'],
    ['a tag that nobody looks for', { idempotency: { strategy: 'metadata_tag', parameter: 'reference' } }, 'verify'],
    ['an id in a read', { effect: 'read', idempotency: { strategy: 'own_id', parameter: 'reference' } }, 'idempotency.strategy'],
    ['a key in the place of the credential', { idempotency: { strategy: 'header', header: 'Authorization' } }, 'idempotency.header'],
    ['a key in the place of a secret', { idempotency: { strategy: 'header', header: 'X-API-Key' } }, 'idempotency.header'],
    ['a key that makes the body another one', { idempotency: { strategy: 'header', header: 'Content-Type' } }, 'idempotency.header'],
    ['a key in what makes the request', { idempotency: { strategy: 'header', header: 'Host' } }, 'idempotency.header'],
    [
      'a key that is the same in every call',
      { idempotency: { strategy: 'header', header: 'X-Request-Key' }, http: { headers: { 'x-request-key': '1' } } },
      'idempotency.header',
    ],
  ])('is not %s', (_what, asked, path) => {
    expect(problemsOf(asked)).toEqual(theOne(path));
  });

  it.each<Asked>([
    { idempotency: { strategy: 'own_id', parameter: 'reference' } },
    { idempotency: { strategy: 'own_id', parameter: 'reference' }, http: { method: 'PUT', url: 'https://example.com/slots/{slot}/{reference}' } },
    { idempotency: { strategy: 'header', header: 'idempotency-key' } },
    { idempotency: { strategy: 'upsert' } },
    { idempotency: { strategy: 'none' } },
  ])('may be %j', (asked) => {
    expect(problemsOf(asked)).toEqual([]);
  });
});

describe('the read that verifies a write', () => {
  it.each<[string, Asked, string]>([
    ['change anything', { verify: { http: { method: 'DELETE', url: 'https://example.com/' }, done: 'true' } }, 'verify.http.method'],
    ['have a URL that is none', { verify: { http: aRead('https://{email}.example.com/'), done: 'true' } }, 'verify.http.url'],
    ['need what nobody has', { verify: { http: aRead('https://example.com/{jobId}'), done: 'true' } }, 'verify.http.url'],
    ['need what may be absent', { verify: { http: aRead('https://example.com/{reference}'), done: 'true' } }, 'verify.http.url'],
    [
      'place what nobody has',
      { verify: { http: aRead('https://example.com/', { places: { jobId: { in: 'query' } } }), done: 'true' } },
      'verify.http.places.jobId',
    ],
    ['be true for what cannot be read', { verify: { http: aRead('https://example.com/'), done: 'status is 200' } }, 'verify.done'],
    [
      'be false for what cannot be read',
      { verify: { http: aRead('https://example.com/'), done: 'true', notDone: ')' } },
      'verify.notDone',
    ],
    ['follow a read', { effect: 'read', verify: { http: aRead('https://example.com/'), done: 'true' } }, 'verify'],
  ])('may not %s', (_what, asked, path) => {
    expect(problemsOf(asked)).toEqual(theOne(path));
  });

  it('may ask with POST, and for the id that the platform filled in', () => {
    const http = { method: 'POST', url: 'https://example.com/search/{reference}/{invocationId}' } as const;
    const idempotency = { strategy: 'own_id', parameter: 'reference' } as const;

    expect(problemsOf({ idempotency, verify: { http, done: 'size(body.found) > 0' } })).toEqual([]);
  });
});

describe('the polling of what was started', () => {
  const aPoll = (asked: Partial<NonNullable<ActionRules['poll']>>): Asked => ({
    poll: { http: aRead('https://example.com/jobs/{id}'), everyMs: 2_000, maxMs: 300_000, done: 'true', ...asked },
  });

  it.each<[string, Asked, string]>([
    ['change anything', aPoll({ http: { method: 'PATCH', url: 'https://example.com/{id}' } }), 'poll.http.method'],
    ['have a URL that is none', aPoll({ http: aRead('https://example.com/{id') }), 'poll.http.url'],
    ['end with what cannot be read', aPoll({ done: 'done?' }), 'poll.done'],
    ['fail with what cannot be read', aPoll({ failed: 'failed?' }), 'poll.failed'],
    ['wait longer than it goes on', aPoll({ everyMs: 60_000, maxMs: 1_000 }), 'poll.everyMs'],
  ])('may not %s', (_what, asked, path) => {
    expect(problemsOf(asked)).toEqual(theOne(path));
  });
});

describe('how long a tool usually takes', () => {
  it('is not longer than it may take', () => {
    expect(problemsOf({ timeoutMs: 5_000, expectedMs: 5_001 })).toEqual(theOne('expectedMs'));
    expect(problemsOf({ timeoutMs: 5_000, expectedMs: 5_000 })).toEqual([]);
  });
});
