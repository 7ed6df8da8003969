import { describe, expect, it } from '@jest/globals';
import { connections } from '@patchbay/contracts/connection-requests';
import { changedUse, EMPTY_DRAFT, needsConsent, nextSecretDraft, requestOf, secretOf, type ConnectionDraft } from './connection-draft.ts';

const aDraft = (facts: Partial<ConnectionDraft>): ConnectionDraft => ({ ...EMPTY_DRAFT, name: 'Resend', ...facts });
const oauth = { ...EMPTY_DRAFT.oauth, clientId: 'patchbay', tokenUrl: 'https://cal.example/token', scopes: 'read, write read' };

/** What the contract makes of a message; it throws for one that does not fit. */
const accepted = (draft: ConnectionDraft) =>
  connections.createConnection.input.parse({ organizationId: 'org_0198c0ffee', ...requestOf(draft, false) });

describe('a draft of a connection', () => {
  it('becomes a message without what was left out', () => {
    expect(requestOf(aDraft({ secret: ' re_123\n' }), false)).toEqual({
      name: 'Resend',
      kind: 'bearer',
      environment: 'live',
      isDefault: false,
      acceptUnverified: false,
      settings: {},
      secret: 're_123',
    });
  });

  it.each([
    ['api_key', { secret: 'k', header: 'X-Key' }, { header: 'X-Key' }],
    ['basic', { secret: 'p', username: 'ann' }, { username: 'ann' }],
    ['custom_headers', { headers: [{ name: 'X-A', value: '1' }, { name: '', value: '' }] }, {}],
    ['mcp', { secret: 't', mcpUrl: 'https://mcp.example/mcp' }, { mcp: { url: 'https://mcp.example/mcp', authentication: 'bearer' } }],
    ['none', { secret: 'left from another kind', username: 'ann' }, {}],
  ] as const)('of the kind %s has the settings of that kind only, and fits the contract', (kind, facts, settings) => {
    expect(accepted({ ...aDraft({}), ...facts, headers: 'headers' in facts ? [...facts.headers] : [], kind })).toMatchObject({ kind, settings });
  });

  it('says scopes and end points of an OAuth client, and never an address to agree at, or to take it back at, where nobody agrees', () => {
    const agreed = { authorizationUrl: 'https://cal.example/authorize', revocationUrl: 'https://cal.example/revoke' };
    const draft = aDraft({ kind: 'oauth2_client_credentials', secret: 's', oauth: { ...oauth, ...agreed } });

    expect(accepted(draft).settings.oauth).toEqual({
      clientId: 'patchbay',
      tokenUrl: 'https://cal.example/token',
      scopes: ['read', 'write'],
      clientAuthentication: 'basic',
    });
  });

  it('says what a provider wants beside the protocol where people agree', () => {
    const parameters = 'access_type=offline prompt=consent';
    const revocationUrl = 'https://cal.example/revoke';
    const draft = aDraft({ kind: 'oauth2_authorization_code', secret: 's', oauth: { ...oauth, revocationUrl, parameters } });

    expect(accepted(draft).settings.oauth).toMatchObject({ revocationUrl, authorizationParameters: { access_type: 'offline', prompt: 'consent' } });
    expect(needsConsent(draft)).toBe(true);
  });

  it('has no secret for a public client', () => {
    expect(secretOf(aDraft({ kind: 'oauth2_authorization_code', secret: 's', oauth: { ...oauth, clientAuthentication: 'none' } }))).toEqual({});
  });

  it('carries a check only where there is one to make', () => {
    const check = { ...EMPTY_DRAFT.check, url: ' https://api.example/me ', success: 'body.ok == true' };

    expect(accepted(aDraft({ secret: 's', check })).check).toEqual({ method: 'GET', url: 'https://api.example/me', success: 'body.ok == true' });
    expect(requestOf(aDraft({ kind: 'signing_secret', check }), false)).not.toHaveProperty('check');
  });
});

describe('where a connection may be used', () => {
  const bound = { check: { method: 'GET', url: 'https://api.example/me' }, origins: ['https://api.example'] } as const;
  const connection = { kind: 'bearer' as const, settings: {}, check: bound.check, origins: [...bound.origins] };

  it('is said only by who writes it down', () => {
    const draft = aDraft({ secret: 's', origins: ' https://Api.example  https://*.files.example' });

    expect(accepted(draft).origins).toEqual(['https://api.example', 'https://*.files.example']);
    expect(requestOf(aDraft({ secret: 's', origins: ' ' }), false)).not.toHaveProperty('origins');
  });

  it('goes along with a change only where it is another', () => {
    const next = nextSecretDraft(connection);

    expect(changedUse(next, connection)).toEqual({});
    expect(changedUse({ ...next, origins: '' }, connection)).toEqual({ origins: [] });
    expect(changedUse({ ...next, check: { ...next.check, url: '' } }, connection)).toEqual({ check: null });
  });
});

describe('the next secret of a connection', () => {
  it('asks for the headers that it has now, and none of their values', () => {
    const next = nextSecretDraft({ kind: 'custom_headers', settings: { headerNames: ['X-A', 'X-B'] }, check: null, origins: [] });

    expect(next.headers).toEqual([
      { name: 'X-A', value: '' },
      { name: 'X-B', value: '' },
    ]);
  });
});
