import { describe, expect, it } from '@jest/globals';
import { aConnection } from '../../testing/a-connection.ts';
import { updated, type AskedUpdate } from './connection-update.ts';
import { requireTokensAnew, usualOrigins } from './connection-origins.ts';
import type { StoredConnection } from './connection.ts';

const now = new Date('2026-11-21T08:00:00.000Z');
const check = (url: string) => ({ method: 'GET' as const, url });
const bound = aConnection(now, { check: check('https://api.example/me'), origins: ['https://api.example', 'https://*.files.example'] });
const rules = { headerProblem: () => null, conditionProblem: () => null };
const update = (asked: AskedUpdate, { of = bound, isArmed = true } = {}) => updated(of, asked, { ...rules, isArmed }, now);
const codeOf = (work: () => unknown) => {
  try {
    work();
    return null;
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('the origins of a new connection', () => {
  it('are that of its check and that of its MCP server', () => {
    expect(usualOrigins({ settings: {}, check: check('https://API.example:443/me') })).toEqual(['https://api.example']);
    const mcp = { url: 'http://127.0.0.1:8080/mcp', authentication: 'bearer' } as const;
    expect(usualOrigins({ settings: { mcp }, check: check('https://api.example/me') })).toEqual(['http://127.0.0.1:8080', 'https://api.example']);
  });

  it('are none where nothing says where it is used', () => {
    expect(usualOrigins({ settings: {}, check: null })).toEqual([]);
  });
});

describe('an update of a connection whose secret is stored', () => {
  it.each<[string, AskedUpdate]>([
    ['fewer origins', { origins: ['https://api.example'] }],
    ['a sub-domain instead of all', { origins: ['https://api.example', 'https://eu.files.example'] }],
    ['another check at the same origin', { check: check('https://api.example/whoami') }],
    ['a check at another of its origins', { check: check('https://eu.files.example/me') }],
    ['no check', { check: null }],
    ['another check together with fewer origins', { check: check('https://eu.files.example/me'), origins: ['https://*.files.example'] }],
  ])('may ask for %s', (_what, asked) => {
    expect(update(asked)).toMatchObject(asked);
  });

  it.each<[string, AskedUpdate]>([
    ['one more origin', { origins: [...bound.origins, 'https://evil.example'] }],
    ['another origin', { origins: ['https://evil.example'], check: null }],
    ['a wider wildcard', { origins: ['https://api.example', 'https://*.example'] }],
    ['the same host by http', { origins: ['http://api.example'], check: null }],
    ['no origins, which is anywhere', { origins: [] }],
    ['a check elsewhere', { check: check('https://evil.example/me') }],
    ['a check elsewhere together with its origin', { check: check('https://evil.example/me'), origins: ['https://evil.example'] }],
  ])('needs the secret again for %s', (_what, asked) => {
    expect(codeOf(() => update(asked))).toBe('failed_precondition');
    expect(() => update(asked)).toThrow(/^The secret of this connection was given for https:\/\/api\.example, .* only\. Give the secret again: /);
  });

  it('cannot take away the origin that its check needs', () => {
    expect(codeOf(() => update({ origins: ['https://*.files.example'] }))).toBe('invalid_arguments');
  });

  it('changes nothing when it asks for the origins that are there', () => {
    expect(update({ origins: bound.origins })).toBe(bound);
  });

  it('may bind a connection that is not bound yet, and leaves its check free before that', () => {
    const unbound = { ...bound, origins: [] };

    expect(update({ origins: ['https://api.example'] }, { of: unbound }).origins).toEqual(['https://api.example']);
    expect(update({ check: check('https://other.example/me') }, { of: unbound }).check?.url).toBe('https://other.example/me');
  });
});

describe('an update of a connection of which nothing secret is stored', () => {
  it('may ask for any origins, with a check inside of them', () => {
    const other = { origins: ['https://other.example'], check: check('https://other.example/me') };

    expect(update(other, { isArmed: false })).toMatchObject(other);
    expect(codeOf(() => update({ check: check('https://other.example/me') }, { isArmed: false }))).toBe('invalid_arguments');
  });
});

describe('a connection of a user name and a password', () => {
  it('has no origin by plain http', () => {
    const basic: StoredConnection = { ...bound, kind: 'basic', check: null, origins: [] };

    expect(codeOf(() => update({ origins: ['http://api.example'] }, { of: basic }))).toBe('invalid_arguments');
    expect(update({ origins: ['https://api.example'] }, { of: basic }).origins).toEqual(['https://api.example']);
  });
});

describe('the next secret of a client that gets its tokens by itself', () => {
  const client: StoredConnection = { ...bound, kind: 'oauth2_client_credentials' };
  const further = { ...client, origins: ['https://evil.example'] };

  it('must get a token of its own before anything goes to other origins', () => {
    expect(codeOf(() => requireTokensAnew(client, further, false))).toBe('failed_precondition');
    expect(codeOf(() => requireTokensAnew(client, further, true))).toBeNull();
    expect(codeOf(() => requireTokensAnew(client, client, false))).toBeNull();
  });
});
