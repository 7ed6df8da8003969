import { describe, expect, it } from '@jest/globals';
import type { ConnectionKind, ConnectionSecret, ConnectionSettings } from '@patchbay/contracts/connection-kinds';
import { placedSecret, placedToken, resolved } from './connection-placement.ts';

const now = new Date('2026-11-21T08:00:00.000Z');
const oauth = { clientId: 'us', scopes: [], clientAuthentication: 'basic' as const };
const mcp = (authentication: 'bearer' | 'headers' | 'oauth') => ({ url: 'https://mcp.example/', authentication });

describe('a secret in a request', () => {
  const cases: [ConnectionKind, ConnectionSettings, ConnectionSecret, Record<string, string>][] = [
    ['none', {}, {}, {}],
    ['bearer', {}, { secret: 'abc' }, { authorization: 'Bearer abc' }],
    ['bearer', {}, { secret: 'Bearer abc' }, { authorization: 'Bearer abc' }],
    ['basic', { username: 'ann' }, { secret: 'p:w' }, { authorization: `Basic ${Buffer.from('ann:p:w').toString('base64')}` }],
    ['api_key', { header: 'X-Api-Key' }, { secret: 'abc' }, { 'X-Api-Key': 'abc' }],
    ['custom_headers', { headerNames: ['A', 'B'] }, { headers: { A: '1', B: '2' } }, { A: '1', B: '2' }],
    ['mcp', { mcp: mcp('bearer') }, { secret: 'abc' }, { authorization: 'Bearer abc' }],
    ['mcp', { mcp: mcp('headers') }, { headers: { A: '1' } }, { A: '1' }],
  ];
  it.each(cases)('of the kind %s with %j is a header', (kind, settings, secret, headers) => {
    expect(placedSecret({ kind, settings }, secret)).toEqual({ headers, signingSecrets: [] });
  });

  it('of the kind signing_secret is something to sign with, never a header', () => {
    expect(placedSecret({ kind: 'signing_secret', settings: {} }, { secret: 'whsec_abc' })).toEqual({ headers: {}, signingSecrets: ['whsec_abc'] });
  });

  const clients: [ConnectionKind, ConnectionSettings][] = [
    ['oauth2_authorization_code', { oauth }],
    ['oauth2_client_credentials', { oauth }],
    ['mcp', { oauth, mcp: mcp('oauth') }],
  ];
  it.each(clients)('is never the client secret of %s', (kind, settings) => {
    expect(placedSecret({ kind, settings }, { secret: 'client' })).toEqual({ headers: {}, signingSecrets: [] });
    expect(placedToken({ kind, settings }, 'token').headers).toEqual({ authorization: 'Bearer token' });
  });
});

describe('a resolved connection', () => {
  const connection = { connectionId: 'conn_1', version: 3, sandbox: true, origins: ['https://a.example'] };
  const current = { headers: { a: '3' }, signingSecrets: [], expiresAt: null };
  const slot = { slot: 'previous', version: 2, hint: '', since: now.toISOString(), until: '2026-11-21T08:00:20.000Z' } as const;

  it('may be kept for a minute', () => {
    expect(resolved(connection, current, null, now)).toMatchObject({ version: 3, sandbox: true, origins: ['https://a.example'], headers: { a: '3' }, fallback: null, cacheMs: 60_000 });
  });

  it('may be kept no longer than its token lives', () => {
    const expiresAt = new Date(now.getTime() + 12_000);

    expect(resolved(connection, { ...current, expiresAt }, null, now).cacheMs).toBe(12_000);
    expect(resolved(connection, { ...current, expiresAt: new Date(0) }, null, now).cacheMs).toBe(0);
  });

  it('has the previous secret to fall back on, for as long as that is kept', () => {
    const spare = { slot, placement: { headers: { a: '2' }, signingSecrets: [] } };

    expect(resolved(connection, current, spare, now)).toMatchObject({ fallback: { version: 2, headers: { a: '2' } }, cacheMs: 20_000 });
  });

  it('is signed with both secrets, the current one first', () => {
    const spare = { slot, placement: { headers: {}, signingSecrets: ['old'] } };

    expect(resolved(connection, { headers: {}, signingSecrets: ['new'], expiresAt: null }, spare, now)).toMatchObject({
      signingSecrets: ['new', 'old'],
      fallback: null,
    });
  });
});
