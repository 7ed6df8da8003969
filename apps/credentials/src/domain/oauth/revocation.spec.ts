import { describe, expect, it } from '@jest/globals';
import { readRevocation, requireRevocable, revocationWords, type RevocationAnswer } from './revocation.ts';

const read = (status: number, more: Partial<RevocationAnswer> = {}) => readRevocation({ status, error: null, isOdd: false, retryAfterMs: null, ...more });

describe('the answer to a revocation', () => {
  it.each([
    ['200', read(200)],
    ['204', read(204)],
    ['a token that is worth nothing already', read(400, { error: 'invalid_token' })],
    ['a refresh token that is worth nothing already', read(400, { error: 'invalid_grant' })],
  ])('means that it is done when it is %s', (_name, meaning) => {
    expect(meaning).toBe('revoked');
  });

  it('means that the provider does not offer it when it names the type of the token', () => {
    expect([read(400, { error: 'unsupported_token_type' }), read(200, { error: 'unsupported_token_type' })]).toEqual(['not_offered', 'not_offered']);
  });

  it.each([
    ['200 with an error', read(200, { error: 'invalid_request' }), 'organization'],
    ['200 with a dead token', read(200, { error: 'invalid_token' }), 'organization'],
    ['a client that is not known', read(401, { error: 'invalid_client' }), 'organization'],
    ['trouble of its own', read(503, { error: 'temporarily_unavailable' }), 'provider'],
    ['a page', read(200, { isOdd: true }), 'provider'],
    ['nothing that could be read', read(500), 'provider'],
    ['a redirect', read(302), 'provider'],
    ['no such address', read(404), 'provider'],
  ])('means nothing of the kind when it is %s', (_name, meaning, fault) => {
    expect(meaning).toMatchObject({ text: expect.stringMatching(/^The revocation end point answered \d{3}/), fault });
  });
});

describe('the words for it', () => {
  it('say whether the provider knows', () => {
    expect(revocationWords('revoked')).toContain('the provider has revoked it');
    expect([revocationWords('nobody_to_tell'), revocationWords('not_offered')]).toEqual(
      Array.from({ length: 2 }, () => expect.stringMatching(/provider was not told.*remove the access in the account/)),
    );
  });
});

describe('a connection that can be revoked', () => {
  const oauth = { clientId: 'us', scopes: [], clientAuthentication: 'basic' as const };
  const one = { kind: 'oauth2_authorization_code', settings: { oauth }, lifecycle: 'active' } as const;

  it('is one that somebody agreed to, used or not', () => {
    expect(requireRevocable(one).grant).toBe('authorization_code');
    expect(requireRevocable({ ...one, lifecycle: 'disabled' }).grant).toBe('authorization_code');
  });

  it.each([
    ['has no OAuth', { ...one, kind: 'bearer', settings: {} } as const],
    ['gets its tokens by itself', { ...one, kind: 'oauth2_client_credentials' } as const],
    ['is deleted', { ...one, lifecycle: 'deleted' } as const],
  ])('is none that %s', (_name, connection) => {
    expect(() => requireRevocable(connection)).toThrow(expect.objectContaining({ code: 'failed_precondition' }));
  });
});
