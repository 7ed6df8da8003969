import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { calls } from '@patchbay/contracts/calls';
import { credentials } from '@patchbay/contracts/credentials';
import { ServiceError } from '@patchbay/contracts/errors';
import { observability } from '@patchbay/contracts/observability';
import { sealFor } from '@patchbay/service-kit/messaging/sealed';
import { newId } from '@patchbay/service-kit/identity/new-id';
import { fakeService } from '@patchbay/testing/fake-service';
import { KNOWN_SECRETS } from '@patchbay/testing/known-secrets';
import { ScriptedProvider } from '@patchbay/testing/scripted-provider';
import { apiKeyOf, MEMBER_KEY, OPERATOR_KEY, runGateway, type RunningGateway } from '../testing/running-gateway.ts';

let consolePages: ScriptedProvider;
let gateway: RunningGateway;
const sessionsAsked: unknown[] = [];
const NEW_KEY = apiKeyOf('new');
/** The connection of which the service makes the mistake of telling the secret. */
const TOLD = 'Told';

beforeAll(async () => {
  consolePages = await ScriptedProvider.start();
  gateway = await runGateway({ GATEWAY_CONSOLE_URL: consolePages.url });
  fakeService(gateway.nats, credentials, {
    createOrganization: async ({ name, sealTo }) => {
      return { organizationId: gateway.organizationId, name, createdAt: new Date().toISOString(), apiKey: await sealFor(sealTo!, NEW_KEY) };
    },
    createConnection: async (input) => {
      // What no contract lets out: a service that made this mistake would be stopped at the gateway.
      const leaked = {
        ...input,
        ...(input.sealed && input.name === TOLD ? ((await gateway.opened(input.sealed)) as object) : {}),
        connectionId: newId('connection'),
        hint: '',
        version: 1,
        createdAt: new Date().toISOString(),
      };
      return credentials.createConnection.output.loose().parse(leaked) as ReturnType<typeof credentials.createConnection.output.parse>;
    },
    getConnection: async () => {
      throw new ServiceError('not_found', 'no such connection');
    },
  });
  fakeService(gateway.nats, calls, {
    listSessions: async (input) => {
      sessionsAsked.push(input);
      return { sessions: [] };
    },
  });
  fakeService(gateway.nats, observability, {
    ingestSpans: async ({ resourceSpans }) => ({ accepted: resourceSpans.length, rejected: 0 }),
  });
  await gateway.nats.flush();
});

afterAll(async () => {
  await gateway.stop();
  await consolePages.stop();
});

const connection = (body: unknown) => gateway.http('POST', '/v1/connections', { body });

describe('an API key', () => {
  it('is needed, and its absence is said', async () => {
    expect(await gateway.http('GET', '/v1/sessions', { key: null })).toMatchObject({
      status: 401,
      body: { code: 'unauthenticated', details: { fields: [{ path: 'authorization', problem: 'is missing' }] } },
    });
  });

  it('that nobody knows opens nothing', async () => {
    expect(await gateway.http('GET', '/v1/sessions', { key: apiKeyOf('wrong') })).toMatchObject({
      status: 401,
      body: { code: 'unauthenticated' },
    });
  });

  it('without the permission creates no organization, and is told which it lacks', async () => {
    expect(await gateway.http('POST', '/v1/organizations', { body: { name: 'Acme' } })).toMatchObject({
      status: 403,
      body: {
        code: 'forbidden',
        message: expect.stringContaining('organizations:create'),
        details: { permission: 'organizations:create' },
      },
    });
  });

  it('of the installation does', async () => {
    expect(await gateway.http('POST', '/v1/organizations', { key: OPERATOR_KEY, body: { name: 'Acme' } })).toMatchObject({
      status: 201,
      body: { name: 'Acme', apiKey: NEW_KEY },
    });
  });

  it('says whom it speaks for', async () => {
    expect(await gateway.http('GET', '/v1/caller')).toEqual({ status: 200, body: gateway.callers.get(MEMBER_KEY) });
  });
});

describe('a request', () => {
  it('carries the organization of the key, whatever its body says', async () => {
    const body = { name: 'Shop', kind: 'none', organizationId: newId('organization') };

    expect(await connection(body)).toMatchObject({ status: 201, body: { name: 'Shop' } });

    expect(gateway.asked.at(-1)?.input).toEqual({ ...body, organizationId: gateway.organizationId });
  });

  it('takes numbers from the query', async () => {
    await gateway.http('GET', '/v1/sessions?limit=7');

    expect(sessionsAsked.at(-1)).toEqual({ organizationId: gateway.organizationId, limit: 7 });
  });

  it('that names what does not exist gets the service’s own answer', async () => {
    const answer = await gateway.http('GET', `/v1/connections/${newId('connection')}`);

    expect(answer).toMatchObject({ status: 404, body: { code: 'not_found', message: 'no such connection' } });
  });

  it('to an unknown route is answered in the same form', async () => {
    expect(await gateway.http('GET', '/v1/nothing')).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });

  it('to a service that is down is unavailable, not endless', async () => {
    expect(await gateway.http('GET', '/v1/tools')).toMatchObject({
      status: 503,
      body: { code: 'unavailable', message: 'The catalog service is not running.' },
    });
  });
});

describe('a secret', () => {
  const secret = KNOWN_SECRETS.bearer;

  it('never comes back, even from a service that would give it', async () => {
    const told = 'sk_live_0123456789abcdef';
    const { status, body } = await connection({ name: TOLD, kind: 'custom_headers', secret: told, headers: { 'x-key': told } });

    expect(status).toBe(201);
    expect(JSON.stringify(body)).not.toContain(told);
  });

  it('is sealed on its way: whoever reads along on NATS does not see it', async () => {
    await connection({ name: 'Shop', kind: 'bearer', secret });

    const { input } = gateway.asked.at(-1) as unknown as { input: { sealed: { ticket: string; text: string } } };
    expect(input).toMatchObject({ name: 'Shop', kind: 'bearer', sealed: { ticket: 'ticket' } });
    expect(JSON.stringify(gateway.asked)).not.toContain(secret.slice(0, 16));
    expect(await gateway.opened(input.sealed)).toEqual({ secret });
  });

  it('in a body that is not JSON is not repeated', async () => {
    const { status, body } = await connection(`{"name":"Shop","secret":"${secret}`);

    expect({ status, body }).toMatchObject({
      status: 400,
      body: { code: 'invalid_arguments', details: { fields: [{ path: 'body' }] } },
    });
    expect(JSON.stringify(body)).not.toContain(secret.slice(0, 16));
  });

  it('in a body of 2 MB is not repeated', async () => {
    const { status, body } = await connection({ name: 'x'.repeat(2_000_000), secret });

    expect({ status, body }).toMatchObject({ status: 413, body: { code: 'payload_too_large' } });
    expect(JSON.stringify(body)).not.toContain(secret.slice(0, 16));
  });
});

describe('what is only for who runs the platform', () => {
  it('is metrics, which are not there for a request from outside', async () => {
    const own = await gateway.fetch('GET', '/metrics', { key: null });
    const forwarded = await gateway.fetch('GET', '/metrics', { key: null, headers: { 'x-forwarded-for': '203.0.113.9' } });

    expect(await own.text()).toContain('# TYPE process_cpu_seconds counter');
    expect([forwarded.status, await forwarded.json()]).toMatchObject([404, { code: 'not_found' }]);
  });
});

describe('what is open to everyone', () => {
  it('is the OpenAPI document', async () => {
    const { status, body } = await gateway.http('GET', '/openapi.json', { key: null });

    expect(status).toBe(200);
    expect(body).toMatchObject({ openapi: '3.1.0' });
  });

  it('is health and readiness', async () => {
    expect(await gateway.http('GET', '/health', { key: null })).toEqual({ status: 200, body: { status: 'ok' } });
    expect(await gateway.http('GET', '/ready', { key: null })).toEqual({ status: 200, body: { status: 'ok' } });
  });

  it('is the console, from its own process, which does not learn who asks', async () => {
    consolePages.script({
      body: '<html>Patchbay</html>',
      headers: { 'content-type': 'text/html', 'content-security-policy': "script-src 'self'" },
    });

    const response = await gateway.fetch('GET', '/calls/ses_1', {
      headers: { cookie: 'patchbay_session=pbs_secret', accept: 'text/html' },
    });

    expect(await response.text()).toBe('<html>Patchbay</html>');
    expect(response.headers.get('content-security-policy')).toBe("script-src 'self'");
    const { method, path, headers } = consolePages.received.at(-1)!;
    expect([method, path, headers.accept]).toEqual(['GET', '/calls/ses_1', 'text/html']);
    expect([headers.cookie, headers.authorization]).toEqual([undefined, undefined]);
  });
});

describe('an answer of the API', () => {
  it.each(['/v1/caller', '/v1/nothing', '/openapi.json'])('at %s is data: never framed, kept, or taken for a page', async (path) => {
    const response = await gateway.fetch('GET', path, { key: null });
    await response.arrayBuffer();

    const { headers } = response;
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'cache-control': 'no-store',
    });
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('spans of an edge', () => {
  it('are stored as those of the organization of the key', async () => {
    const stored = await gateway.http('POST', '/otlp/v1/traces', { body: { resourceSpans: [{}] } });

    expect(stored).toEqual({ status: 200, body: { accepted: 1, rejected: 0 } });
  });
});
