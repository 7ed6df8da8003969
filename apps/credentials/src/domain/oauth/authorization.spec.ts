import { describe, expect, it } from '@jest/globals';
import { authorizationUrl, requireUsable, type Authorization } from './authorization.ts';

const settings = { clientId: 'us', scopes: ['read', 'write'], clientAuthentication: 'basic' } as const;
const request = {
  endPoint: 'https://provider.example/authorize?tenant=7',
  settings: { ...settings, scopes: [...settings.scopes] },
  redirectUri: 'https://patchbay.example/v1/authorizations/callback',
  state: 'the-state',
  codeChallenge: 'the-challenge',
  resource: null,
};

describe('where a browser is sent', () => {
  it('carries what the protocol asks for, beside what the end point had', () => {
    const url = new URL(authorizationUrl({ ...request, resource: 'https://mcp.example/mcp' }));

    expect(Object.fromEntries(url.searchParams)).toEqual({
      tenant: '7',
      response_type: 'code',
      client_id: 'us',
      redirect_uri: request.redirectUri,
      state: 'the-state',
      code_challenge: 'the-challenge',
      code_challenge_method: 'S256',
      scope: 'read write',
      resource: 'https://mcp.example/mcp',
    });
  });

  it('carries what the settings add', () => {
    const asked = { ...request, settings: { ...request.settings, audience: 'api', authorizationParameters: { access_type: 'offline' } } };

    expect(Object.fromEntries(new URL(authorizationUrl(asked)).searchParams)).toMatchObject({ audience: 'api', access_type: 'offline' });
  });

  it.each(['redirect_uri', 'state', 'code_challenge', 'code_challenge_method', 'response_mode', 'client_id', 'request_uri'])(
    'cannot be given another %s by the settings',
    (name) => {
      const asked = { ...request, settings: { ...request.settings, authorizationParameters: { [name]: 'https://evil.example' } } };

      expect(() => authorizationUrl(asked)).toThrow(expect.objectContaining({ code: 'failed_precondition' }));
    },
  );

  it.each(['redirect_uri', 'state', 'request_uri'])('does not keep a %s that the end point itself brings along', (name) => {
    const url = authorizationUrl({ ...request, endPoint: `https://provider.example/authorize?${name}=https://evil.example` });

    expect(url).not.toContain('evil');
  });
});

describe('a state', () => {
  const now = new Date('2026-05-04T12:00:00Z');
  const authorization = { expiresAt: new Date('2026-05-04T12:00:01Z'), usedAt: null } as Authorization;

  it('that was begun here, is young and unused is good', () => {
    expect(requireUsable(authorization, now)).toBe(authorization);
  });

  it.each([
    ['unknown', null],
    ['used', { ...authorization, usedAt: now }],
    ['old', { ...authorization, expiresAt: now }],
  ])('that is %s is refused', (_name, given) => {
    expect(() => requireUsable(given, now)).toThrow(expect.objectContaining({ code: 'unauthenticated' }));
  });
});
