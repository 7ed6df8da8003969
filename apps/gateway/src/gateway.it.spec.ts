import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect, headers, type NatsConnection } from '@nats-io/transport-node';
import { calls } from '@patchbay/contracts/calls';
import { credentials } from '@patchbay/contracts/credentials';
import { EDGE_OPERATIONS } from '@patchbay/contracts/edge';
import { observability } from '@patchbay/contracts/observability';
import { ServiceError } from '@patchbay/contracts/errors';
import { startService, type RunningService } from '@patchbay/service-kit/bootstrap/start-service';
import { loadEnv } from '@patchbay/service-kit/config/env';
import { newId } from '@patchbay/service-kit/identity/new-id';
import { fakeService } from '@patchbay/testing/fake-service';
import { startNats, type TestNats } from '@patchbay/testing/nats-server';
import { ScriptedProvider } from '@patchbay/testing/scripted-provider';
import { Env } from './env.ts';
import { define } from './service.ts';

const organizationId = newId('organization');
const edgeId = newId('edge');
const KEYS: Record<string, 'operator' | 'member'> = { pbk_operator: 'operator', pbk_member: 'member' };

let server: TestNats;
let consolePages: ScriptedProvider;
let service: RunningService;
let nats: NatsConnection;
const asked: { operation: string; input: unknown }[] = [];

beforeAll(async () => {
  [server, consolePages] = await Promise.all([startNats(), ScriptedProvider.start()]);
  nats = await connect({ servers: server.url });
  fakeService(nats, credentials, {
    identify: async ({ apiKey }) => {
      const role = KEYS[apiKey];
      if (!role) throw new ServiceError('unauthenticated', 'This API key is not known.');
      return { organizationId, apiKeyId: 'key_1', role };
    },
    createOrganization: async ({ name }) => ({ organizationId, name, createdAt: new Date().toISOString(), apiKey: 'pbk_new' }),
    createConnection: async (input) => {
      asked.push({ operation: 'createConnection', input });
      const { name, kind, sandbox } = input;
      return { connectionId: newId('connection'), name, provider: 'http', kind, sandbox, hint: '', version: 1, createdAt: new Date().toISOString() };
    },
    getEdge: async () => {
      throw new ServiceError('not_found', 'no such edge');
    },
  });
  fakeService(nats, calls, {
    listSessions: async (input) => {
      asked.push({ operation: 'listSessions', input });
      return { sessions: [] };
    },
  });
  fakeService(nats, observability, { ingestSpans: async ({ resourceSpans }) => ({ accepted: resourceSpans.length, rejected: 0 }) });
  service = await startService(
    define(loadEnv('gateway', Env, { NATS_URL: server.url, GATEWAY_PORT: '0', LOG_LEVEL: 'silent', GATEWAY_CONSOLE_URL: consolePages.url })),
  );
});

afterAll(async () => {
  await service.stop();
  await nats.drain();
  await Promise.all([server.stop(), consolePages.stop()]);
});

async function http(method: string, path: string, options: { key?: string | null; body?: unknown; headers?: Record<string, string> } = {}) {
  const key = options.key === undefined ? 'pbk_member' : options.key;
  const body = typeof options.body === 'string' ? options.body : options.body && JSON.stringify(options.body);
  const response = await fetch(service.url + path, {
    method,
    body: body as string | undefined,
    headers: {
      ...(key ? { authorization: `Bearer ${key}` } : {}),
      ...(body ? { 'content-type': 'application/json' } : {}),
      ...options.headers,
    },
  });
  const text = await response.text();
  return { status: response.status, body: text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : text };
}

describe('an API key', () => {
  it('is needed, and its absence is said', async () => {
    expect(await http('GET', '/v1/sessions', { key: null })).toMatchObject({
      status: 401,
      body: { code: 'unauthenticated', details: { fields: [{ path: 'authorization', problem: 'is missing' }] } },
    });
  });

  it('that nobody knows opens nothing', async () => {
    expect(await http('GET', '/v1/sessions', { key: 'pbk_wrong' })).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
  });

  it('of a member creates no organization', async () => {
    expect(await http('POST', '/v1/organizations', { body: { name: 'Acme' } })).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  });

  it('of an operator does', async () => {
    expect(await http('POST', '/v1/organizations', { key: 'pbk_operator', body: { name: 'Acme' } })).toMatchObject({
      status: 201,
      body: { name: 'Acme', apiKey: 'pbk_new' },
    });
  });

  it('says whom it speaks for', async () => {
    expect(await http('GET', '/v1/caller')).toEqual({ status: 200, body: { organizationId, apiKeyId: 'key_1', role: 'member' } });
  });
});

describe('a request', () => {
  it('carries the organization of the key, whatever its body says', async () => {
    const body = { name: 'Shop', kind: 'bearer', secret: 's3cret', organizationId: newId('organization') };

    const reply = await http('POST', '/v1/connections', { body });

    expect(reply).toMatchObject({ status: 201, body: { name: 'Shop' } });
    expect(asked.at(-1)).toEqual({
      operation: 'createConnection',
      input: { name: 'Shop', kind: 'bearer', secret: 's3cret', provider: 'http', sandbox: false, organizationId },
    });
  });

  it('takes numbers from the query', async () => {
    await http('GET', '/v1/sessions?limit=7');

    expect(asked.at(-1)).toEqual({ operation: 'listSessions', input: { organizationId, limit: 7 } });
  });

  it('that names what does not exist gets the service’s own answer', async () => {
    expect(await http('GET', `/v1/edges/${edgeId}`)).toMatchObject({ status: 404, body: { code: 'not_found', message: 'no such edge' } });
  });

  it('that is not JSON is refused', async () => {
    expect(await http('POST', '/v1/connections', { body: '{"name":' })).toMatchObject({
      status: 400,
      body: { code: 'invalid_arguments', details: { fields: [{ path: 'body' }] } },
    });
  });

  it('of 2 MB is refused', async () => {
    expect(await http('POST', '/v1/connections', { body: { name: 'x'.repeat(2_000_000) } })).toMatchObject({
      status: 413,
      body: { code: 'payload_too_large' },
    });
  });

  it('to an unknown route is answered in the same form', async () => {
    expect(await http('GET', '/v1/nothing')).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });

  it('to a service that is down is unavailable, not endless', async () => {
    expect(await http('GET', '/v1/tools')).toMatchObject({ status: 503, body: { code: 'unavailable', message: 'The catalog service is not running.' } });
  });
});

describe('the edge contract over HTTP', () => {
  it('is passed on at the subject of the edge, and answered at its inbox only', async () => {
    let reply = '';
    nats.subscribe(`edge.v1.${organizationId}.${edgeId}.invoke`, {
      max: 1,
      callback: (_error, message) => {
        reply = message.reply ?? '';
        message.respond(JSON.stringify({ status: 'succeeded', echo: message.json(), deadlineMs: message.headers?.get('patchbay-deadline-ms') }));
      },
    });

    const answer = await http('POST', `/v1/edges/${edgeId}/invoke`, { body: { function: 'check' }, headers: { 'patchbay-deadline-ms': '1500' } });

    expect(answer).toMatchObject({ status: 200, body: { status: 'succeeded', echo: { function: 'check' } } });
    expect(Number((answer.body as { deadlineMs: string }).deadlineMs)).toBeLessThanOrEqual(1500);
    expect(reply.startsWith(`_INBOX_${edgeId}.`)).toBe(true);
  });

  it.each([
    ['directive.report', { sessionId: 'ses_1', invocationId: 'inv_1', status: 'done' }],
    ['invocation.cancel', { sessionId: 'ses_1', toolCallId: 'call_1', reason: 'barge-in' }],
  ])('knows %s', async (operation, body) => {
    const received: unknown[] = [];
    nats.subscribe(`edge.v1.${organizationId}.${edgeId}.${operation}`, {
      max: 1,
      callback: (_error, message) => {
        received.push(message.json());
        message.respond(JSON.stringify({ status: 'cancelled' }));
      },
    });

    expect(await http('POST', `/v1/edges/${edgeId}/${operation}`, { body })).toEqual({ status: 200, body: { status: 'cancelled' } });
    expect(received).toEqual([body]);
  });

  it('passes typed errors on', async () => {
    nats.subscribe(`edge.v1.${organizationId}.${edgeId}.turn`, {
      max: 1,
      callback: (_error, message) => {
        const marks = headers();
        marks.set('Nats-Service-Error-Code', '404');
        marks.set('Nats-Service-Error', 'session_not_found');
        message.respond(JSON.stringify({ code: 'session_not_found', message: 'There is no session ses_0.' }), { headers: marks });
      },
    });

    expect(await http('POST', `/v1/edges/${edgeId}/turn`, { body: {} })).toMatchObject({ status: 404, body: { code: 'session_not_found' } });
  });

  it.each([
    ['edgeId', '/v1/edges/edge_a.b/invoke'],
    ['edgeId', '/v1/edges/*/invoke'],
    ['operation', `/v1/edges/${edgeId}/session.pause`],
  ])('names the wrong part of the path: %s', async (path, route) => {
    expect(await http('POST', route, { body: {} })).toMatchObject({ status: 400, body: { code: 'invalid_arguments', details: { fields: [{ path }] } } });
  });
});

describe('what is open to everyone', () => {
  it('is the OpenAPI document, with every route and its errors', async () => {
    const { status, body } = await http('GET', '/openapi.json', { key: null });

    const document = body as { openapi: string; paths: Record<string, Record<string, { responses: object; requestBody?: object }>> };
    expect(status).toBe(200);
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths['/v1/agents/{agentId}/versions/{versionId}/deploy']!['post']!.responses)).toContain('412');
    expect(JSON.stringify(document.paths['/v1/connections']!['post']!.requestBody)).not.toContain('organizationId');
  });

  it('has each operation of the edge contract, with what it takes', async () => {
    const { body } = await http('GET', '/openapi.json', { key: null });

    const { paths } = body as { paths: Record<string, unknown> };
    const operations = Object.keys(paths).filter((path) => path.startsWith('/v1/edges/{edgeId}/'));
    expect(operations.map((path) => path.split('/').at(-1))).toEqual([...EDGE_OPERATIONS]);
    expect(JSON.stringify(paths['/v1/edges/{edgeId}/invocation.cancel'])).toContain('"toolCallId"');
  });

  it('is health and readiness', async () => {
    expect(await http('GET', '/health', { key: null })).toEqual({ status: 200, body: { status: 'ok' } });
    expect(await http('GET', '/ready', { key: null })).toEqual({ status: 200, body: { status: 'ok' } });
  });

  it('is the console, from its own process', async () => {
    consolePages.script({ body: '<html>Patchbay</html>', headers: { 'content-type': 'text/html' } });

    expect(await http('GET', '/calls/ses_1', { key: null })).toEqual({ status: 200, body: '<html>Patchbay</html>' });
    expect(consolePages.received.at(-1)).toMatchObject({ method: 'GET', path: '/calls/ses_1' });
  });
});

describe('spans of an edge', () => {
  it('are stored as those of the organization of the key', async () => {
    expect(await http('POST', '/otlp/v1/traces', { body: { resourceSpans: [{}] } })).toEqual({ status: 200, body: { accepted: 1, rejected: 0 } });
  });
});
