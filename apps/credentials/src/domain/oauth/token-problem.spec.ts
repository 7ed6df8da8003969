import { describe, expect, it } from '@jest/globals';
import { grantedScopes } from './granted-scopes.ts';
import { errorWord, problemOfError, problemOfOddAnswer, problemOfSilence } from './token-problem.ts';

const answered = (status: number, error: string) => problemOfError({ status, error, retryAfterMs: null });

describe('what a token end point answered', () => {
  it.each([400, 401, 403])('is the end when it is invalid_grant with %d', (status) => {
    expect(answered(status, 'invalid_grant')).toMatchObject({ terminal: true, fault: 'organization' });
  });

  it.each([
    [200, 'invalid_grant'],
    [503, 'invalid_grant'],
    [400, 'invalid_request'],
    [401, 'invalid_client'],
    [200, 'token_expired'],
    [429, 'slow_down'],
    [500, 'server_error'],
  ])('is not the end when it is %d with %s', (status, error) => {
    expect(answered(status, error).terminal).toBe(false);
  });

  it('is the fault of the provider when it has trouble of its own', () => {
    expect([answered(503, 'whatever'), answered(400, 'temporarily_unavailable'), answered(429, 'invalid_request')].map(({ fault }) => fault)).toEqual(
      Array.from({ length: 3 }, () => 'provider'),
    );
  });

  it('is not repeated in its own words, which could be anything', () => {
    expect(errorWord('rt_0123456789')).toBe('an error of its own');
    expect(answered(400, 'rt_0123456789').text).not.toContain('rt_');
  });

  it('leaves open whether the refresh token was replaced when no answer could be read', () => {
    expect(problemOfOddAnswer(200, null)).toMatchObject({ terminal: false, unsure: true });
    expect(problemOfSilence('no answer in time', true)).toMatchObject({ terminal: false, unsure: true });
    expect(problemOfSilence('no connection', false)).toMatchObject({ terminal: false, unsure: false });
  });
});

describe('granted scopes', () => {
  it('are those asked for when the answer names none', () => {
    expect(grantedScopes(undefined, ['read', 'write'])).toEqual(['read', 'write']);
  });

  it('are unknown when nobody named any', () => {
    expect(grantedScopes(undefined, [])).toBeNull();
  });

  it.each([
    ['spaces', 'read  write read'],
    ['commas', 'read,write'],
  ])('are read with %s between them', (_name, text) => {
    expect(grantedScopes(text, ['more'])).toEqual(['read', 'write']);
  });

  it('are none when the answer says so', () => {
    expect(grantedScopes('', ['read'])).toEqual([]);
  });
});
