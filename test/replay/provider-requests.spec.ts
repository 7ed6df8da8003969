import { describe, expect, it } from '@jest/globals';
import type { RecordedTool } from './conversation.ts';
import { answerRequest } from './provider-requests.ts';
import type { ProviderRequest } from './provider-requests.ts';
import { ProviderScript } from './provider-script.ts';

const SEARCH: RecordedTool = {
  name: 'search',
  description: 'Search.',
  effect: 'read',
  method: 'GET',
  parameters: {
    type: 'object',
    properties: { city: { type: 'string' }, seats: { type: 'integer' }, direct: { type: 'boolean' } },
    required: [],
    additionalProperties: false,
  },
};
const BOOK: RecordedTool = { ...SEARCH, name: 'book', effect: 'write.reversible', method: 'POST' };
const SECRET = 'open-sesame';

function ask(recorded: Record<string, unknown>, request: Partial<ProviderRequest>) {
  const script = new ProviderScript();
  for (const tool of ['search', 'book']) {
    script.expect({
      callId: `${tool}-1`,
      tool,
      arguments: recorded,
      answer: { status: 200, contentType: 'application/json', body: '"found"' },
    });
  }
  const complete = {
    method: 'GET',
    url: '/search',
    headers: { authorization: `Bearer ${SECRET}` },
    body: '',
    ...request,
  };
  return answerRequest({ tools: [SEARCH, BOOK], secret: SECRET }, script, complete);
}

describe('the recorded provider', () => {
  it('reads a query by the types of the schema and answers as recorded', () => {
    const { receipt, reply } = ask(
      { city: '1', seats: 2, direct: true },
      { url: '/search?city=1&seats=2&direct=true' },
    );

    expect(receipt).toMatchObject({
      callId: 'search-1',
      arguments: { city: '1', seats: 2, direct: true },
      problem: null,
    });
    expect(reply).toEqual({ status: 200, contentType: 'application/json', body: '"found"' });
  });

  it('reads a body as JSON, with every type as it is', () => {
    const { receipt } = ask({ seats: 2 }, { method: 'POST', url: '/book', body: '{"seats":2}' });

    expect(receipt.callId).toBe('book-1');
  });

  it('answers 404 to arguments that were not recorded, and tells which were awaited', () => {
    const { receipt, reply } = ask({ seats: 2 }, { method: 'POST', url: '/book', body: '{"seats":"2"}' });

    expect(reply.status).toBe(404);
    expect(receipt).toMatchObject({
      callId: null,
      problem: 'no recorded call has the arguments {"seats":"2"}; awaited were [{"seats":2}]',
    });
  });

  it('does not take a repeated name in a query for one value', () => {
    expect(ask({ city: 'a' }, { url: '/search?city=a&city=a' }).receipt.callId).toBeNull();
  });

  it('refuses a request without the secret or with another one', () => {
    const missing = ask({}, { headers: {} });
    const wrong = ask({}, { headers: { authorization: 'Bearer guess' } });

    expect([missing.reply.status, missing.receipt.authorization]).toEqual([401, 'missing']);
    expect([wrong.reply.status, wrong.receipt.authorization]).toEqual([401, 'wrong']);
  });

  it('refuses another method, another path and a body that is not JSON', () => {
    const statuses = [
      ask({}, { method: 'POST' }).reply.status,
      ask({}, { url: '/elsewhere' }).reply.status,
      ask({}, { method: 'POST', url: '/book', body: '{' }).reply.status,
    ];

    expect(statuses).toEqual([405, 404, 400]);
  });

  it('notes the headers that tell which invocation it was', () => {
    const headers = { authorization: `Bearer ${SECRET}`, 'idempotency-key': 'k', 'webhook-id': 'inv_1' };

    expect(ask({}, { headers }).receipt.headers).toEqual({
      idempotencyKey: 'k',
      webhookId: 'inv_1',
      traceparent: null,
    });
  });
});
