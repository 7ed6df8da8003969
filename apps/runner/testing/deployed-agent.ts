import type { AgentSnapshot, FunctionSnapshot } from '@patchbay/contracts/agents';
import { newId } from '@patchbay/service-kit/identity/new-id';
import { effectFunctions } from './effect-functions.ts';
import { unusableFunctions } from './unusable-functions.ts';

interface Place {
  organizationId: string;
  versionId: string;
  /** Of all its functions but those that say otherwise. */
  connectionId: string;
  /** Of the provider. */
  url: string;
}

/** One agent with a function for everything that these tests ask of the runner. */
export function deployedAgent({ organizationId, versionId, connectionId, url }: Place): AgentSnapshot {
  const functionAt = (name: string, more: Partial<FunctionSnapshot>): FunctionSnapshot => ({
    functionId: newId('function'),
    name,
    description: name,
    parameters: {
      type: 'object',
      properties: { orderId: { type: 'string' }, count: { type: 'integer' } },
      required: ['orderId'],
      additionalProperties: false,
    },
    effect: 'read',
    toolId: newId('tool'),
    toolVersion: 1,
    http: { method: 'GET', url: `${url}/orders/{orderId}` },
    timeoutMs: 2_000,
    connectionId,
    ...more,
  });
  const pollAt = (what: string) =>
    ({ http: { method: 'GET', url: `${url}/${what}/{job}` }, everyMs: 250, maxMs: 60_000, done: 'body.state == "done"', failed: 'body.state == "failed"' }) as const;
  const booking = { effect: 'write.reversible', http: { method: 'POST', url: `${url}/bookings` } } as const;
  return {
    organizationId,
    agentId: newId('agent'),
    agentName: 'support',
    versionId,
    instructions: '',
    speech: { language: 'en', region: 'US', timeZone: 'UTC' },
    turnBudgetMs: 3_000,
    maxDurationMs: 600_000,
    inactivity: { checkInAfterMs: 10_000, maxCheckIns: 2, endAfterMs: 30_000 },
    functions: [
      functionAt('check_order', {}),
      functionAt('scoped_check', { requiredScopes: ['orders.read'] }),
      functionAt('book', booking),
      functionAt('quick_book', { ...booking, timeoutMs: 200 }),
      functionAt('quick_check', { timeoutMs: 200 }),
      functionAt('unconnected', { connectionId: newId('connection') }),
      functionAt('elsewhere', { http: { method: 'GET', url: 'http://169.254.169.254/latest/{orderId}' } }),
      functionAt('refund', { ...booking, effect: 'write.irreversible' }),
      functionAt('asked_check', { confirmation: { required: true } }),
      functionAt('notify', { ...booking, effect: 'message' }),
      functionAt('put_address', { effect: 'write.idempotent', http: { method: 'PUT', url: `${url}/addresses/{orderId}` } }),
      functionAt('verified_book', {
        ...booking,
        verify: { http: { method: 'GET', url: `${url}/bookings/{orderId}` }, done: 'status == 200', notDone: 'status == 404' },
      }),
      functionAt('keyed_book', { ...booking, timeoutMs: 200, idempotency: { strategy: 'header', header: 'x-request-key' } }),
      functionAt('own_id_book', { ...booking, timeoutMs: 400, idempotency: { strategy: 'own_id', parameter: 'bookingId' } }),
      functionAt('upsert_book', { ...booking, idempotency: { strategy: 'upsert' } }),
      functionAt('tagged_book', {
        ...booking,
        idempotency: { strategy: 'metadata_tag', parameter: 'reference' },
        verify: { http: { method: 'GET', url: `${url}/bookings/by-reference/{intentId}` }, done: 'status == 200', notDone: 'status == 404' },
      }),
      functionAt('long_book', { ...booking, expectedMs: 20_000, timeoutMs: 20_000 }),
      functionAt('long_check', { expectedMs: 20_000, timeoutMs: 20_000 }),
      functionAt('make_report', { http: { method: 'POST', url: `${url}/reports` }, poll: pollAt('reports') }),
      functionAt('place_order', { ...booking, http: { method: 'POST', url: `${url}/jobs` }, poll: pollAt('jobs') }),
      functionAt('verified_order', {
        ...booking,
        http: { method: 'POST', url: `${url}/jobs` },
        poll: pollAt('jobs'),
        verify: { http: { method: 'GET', url: `${url}/bookings/{orderId}` }, done: 'status == 200' },
      }),
      functionAt('spoken_check', { speak: { waiting: ['One moment.', 'Still looking.'], afterMs: 20 } }),
      functionAt('mocked_book', { ...booking, mock: { result: { booking: 'mock' } } }),
      functionAt('transfer', {
        effect: 'call_control',
        http: undefined,
        connectionId: null,
        parameters: { type: 'object', properties: {} },
        callControl: { action: 'transfer', mode: 'cold', hunt: false, targets: [{ name: 'desk', kind: 'phone', to: '+15550001111', ringSeconds: 20 }] },
      }),
      ...effectFunctions(functionAt, url),
      ...unusableFunctions(functionAt, url),
      functionAt('nobody_there', { ...booking, http: { method: 'POST', url: 'http://127.0.0.1:1/' } }),
    ],
  };
}
