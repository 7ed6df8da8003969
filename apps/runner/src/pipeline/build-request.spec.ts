import { describe, expect, it } from '@jest/globals';
import type { ResolvedConnection } from '@patchbay/contracts/connections';
import { buildRequest, type RequestParts } from './build-request.ts';

const origin = { organizationId: 'org_1', agentId: 'agt_1', sessionId: 'ses_1', callerNumber: null, invocationId: 'inv_1', intentId: null, function: 'check_order' };
const credential: ResolvedConnection = {
  connectionId: 'conn_1',
  version: 1,
  headers: { authorization: 'Bearer something-secret' },
  sealed: null,
  sandbox: false,
  origins: [],
  signingSecrets: [],
  fallback: null,
  cacheMs: 0,
};
const request = (url: string, origins: string[], more: Partial<RequestParts> = {}) =>
  buildRequest({ http: { method: 'GET', url }, arguments: { id: '7' }, origin, credential: { ...credential, origins }, at: new Date(), ...more });
const sent = { headers: { authorization: 'Bearer something-secret' } };
const blocked = { status: 'rejected', error: { code: 'egress_blocked', message: expect.stringContaining('origins of its connection') } };

describe('a request with a connection that is bound to origins', () => {
  it.each([
    ['https://api.example/orders/{id}', ['https://api.example']],
    ['HTTPS://API.example:443/orders/{id}', ['https://api.example']],
    ['https://eu.api.example/orders/{id}', ['https://other.example', 'https://*.api.example']],
    ['http://127.0.0.1:8080/orders/{id}', ['http://127.0.0.1:8080']],
    ['https://anywhere.example/orders/{id}', []],
  ])('to %s carries its secret when they are %j', (url, origins) => {
    expect(request(url, origins)).toMatchObject(sent);
  });

  it.each([
    ['https://evil.example/orders/{id}', ['https://api.example']],
    ['https://evil.example/https://api.example/{id}', ['https://api.example']],
    ['https://api.example.evil.example/{id}', ['https://api.example', 'https://*.api.example']],
    ['https://evilapi.example/{id}', ['https://*.api.example']],
    ['http://api.example/orders/{id}', ['https://api.example']],
    ['https://api.example:8443/orders/{id}', ['https://api.example']],
    ['http://127.0.0.1:8081/orders/{id}', ['http://127.0.0.1:8080']],
  ])('to %s does not leave when they are %j', (url, origins) => {
    expect(request(url, origins)).toMatchObject(blocked);
  });

  it('is not signed for another address either', () => {
    const signing = { ...credential, headers: {}, signingSecrets: [`whsec_${Buffer.alloc(24).toString('base64')}`] };

    expect(request('https://evil.example/{id}', [], { credential: { ...signing, origins: ['https://api.example'] } })).toMatchObject(blocked);
    expect(request('https://api.example/{id}', [], { credential: { ...signing, origins: ['https://api.example'] } })).toHaveProperty('headers.webhook-signature');
  });

  it('and a function without a connection have nothing to do with each other', () => {
    expect(request('https://anywhere.example/{id}', [], { credential: undefined })).not.toHaveProperty('status');
  });
});
