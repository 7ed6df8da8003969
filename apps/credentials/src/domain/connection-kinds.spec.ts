import { describe, expect, it } from '@jest/globals';
import { ConnectionSettings } from '@patchbay/contracts/connection-kinds';
import { isSandbox, requireRotatable, requireWhole, settledSettings, type AskedConnection, type SendingRules } from './connection-kinds.ts';

const rules: SendingRules = {
  headerProblem: (name) => (name === 'host' ? 'is set by the sender' : null),
  conditionProblem: (condition) => (condition === 'broken' ? 'the condition cannot be read' : null),
};
const whsec = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
const settingsOf = (given: object) => ConnectionSettings.parse(given);
const oauth = { clientId: 'us', tokenUrl: 'https://id.example/token', authorizationUrl: 'https://id.example/authorize' };
const mcp = (authentication: string) => ({ url: 'https://mcp.example/', authentication });

type Case = Omit<AskedConnection, 'settings'> & { settings?: object };
const asked = (given: Case): AskedConnection => ({ ...given, settings: settingsOf(given.settings ?? {}) });
function problemsOf(given: Case): string[] {
  try {
    requireWhole(asked(given), rules);
    return [];
  } catch (error) {
    const { code, details } = error as { code: string; details: { fields: { path: string }[] } };
    expect(code).toBe('invalid_arguments');
    expect(String(error)).not.toContain('canary');
    return details.fields.map(({ path }) => path);
  }
}

describe('a connection of a kind', () => {
  const whole: Case[] = [
    { kind: 'none' },
    { kind: 'none', check: { method: 'GET', url: 'https://a.example/me', success: 'status == 200' } },
    { kind: 'bearer', secret: 'canary' },
    { kind: 'basic', secret: 'canary', settings: { username: 'ann' } },
    { kind: 'api_key', secret: 'canary', settings: { header: 'X-Key' } },
    { kind: 'custom_headers', headers: { 'X-Key': 'canary' } },
    { kind: 'custom_headers', headers: { 'X-Key': 'canary' }, settings: { headerNames: ['x-key'] } },
    { kind: 'oauth2_authorization_code', secret: 'canary', settings: { oauth } },
    { kind: 'oauth2_authorization_code', settings: { oauth: { ...oauth, clientAuthentication: 'none' } } },
    { kind: 'oauth2_authorization_code', secret: 'canary', settings: { oauth: { clientId: 'us', issuer: 'https://id.example' } } },
    { kind: 'oauth2_client_credentials', secret: 'canary', settings: { oauth: { clientId: 'us', tokenUrl: oauth.tokenUrl } } },
    { kind: 'signing_secret', secret: whsec },
    { kind: 'mcp', secret: 'canary', settings: { mcp: mcp('bearer') } },
    { kind: 'mcp', headers: { 'X-Key': 'canary' }, settings: { mcp: mcp('headers') } },
    { kind: 'mcp', settings: { mcp: mcp('oauth'), oauth: { clientId: 'us', clientAuthentication: 'none' } } },
  ];
  it.each(whole)('is whole: %j', (given) => {
    expect(problemsOf(given)).toEqual([]);
  });

  const faulty: [Case, string[]][] = [
    [{ kind: 'none', secret: 'canary' }, ['secret']],
    [{ kind: 'bearer' }, ['secret']],
    [{ kind: 'bearer', secret: 'canary', headers: { a: 'canary' } }, ['headers']],
    [{ kind: 'bearer', secret: 'canary', settings: { username: 'ann' } }, ['settings.username']],
    [{ kind: 'bearer', secret: ' canary' }, ['secret']],
    [{ kind: 'basic', secret: 'canary' }, ['settings.username']],
    [{ kind: 'basic', secret: 'canary', settings: { username: 'ann' }, check: { method: 'GET', url: 'http://a.example/' } }, ['check.url']],
    [{ kind: 'api_key', secret: 'canary' }, ['settings.header']],
    [{ kind: 'api_key', secret: 'canary', settings: { header: 'Host' } }, ['settings.header']],
    [{ kind: 'custom_headers', secret: 'canary' }, ['secret', 'headers']],
    [{ kind: 'custom_headers', headers: {} }, ['headers']],
    [{ kind: 'custom_headers', headers: { a: '1', A: '2' } }, ['headers']],
    [{ kind: 'custom_headers', headers: { Host: 'canary' } }, ['headers.Host']],
    [{ kind: 'custom_headers', headers: { a: 'canary' }, settings: { headerNames: ['b'] } }, ['headers']],
    [{ kind: 'oauth2_authorization_code', secret: 'canary' }, ['settings.oauth']],
    [{ kind: 'oauth2_authorization_code', settings: { oauth } }, ['secret']],
    [{ kind: 'oauth2_authorization_code', secret: 'canary', settings: { oauth: { ...oauth, clientAuthentication: 'none' } } }, ['secret']],
    [{ kind: 'oauth2_authorization_code', secret: 'canary', settings: { oauth: { clientId: 'us' } } }, ['settings.oauth.authorizationUrl', 'settings.oauth.tokenUrl']],
    [{ kind: 'oauth2_client_credentials', secret: 'canary', settings: { oauth: { clientId: 'us' } } }, ['settings.oauth.tokenUrl']],
    [{ kind: 'signing_secret', secret: 'canary' }, ['secret']],
    [{ kind: 'signing_secret', secret: 'whsec_c2hvcnQ=' }, ['secret']],
    [{ kind: 'signing_secret', secret: whsec, check: { method: 'GET', url: 'https://a.example/' } }, ['check']],
    [{ kind: 'mcp', secret: 'canary' }, ['settings.mcp']],
    [{ kind: 'mcp', secret: 'canary', settings: { mcp: mcp('headers') } }, ['secret', 'headers']],
    [{ kind: 'bearer', secret: 'canary', check: { method: 'GET', url: 'https://ann:canary@a.example/' } }, ['check.url']],
    [{ kind: 'bearer', secret: 'canary', check: { method: 'GET', url: 'https://a.example/', success: 'broken' } }, ['check.success']],
  ];
  it.each(faulty)('names what is wrong: %j', (given, paths) => {
    expect(problemsOf(given)).toEqual(paths);
  });

  it('knows the names of its headers from its secret', () => {
    expect(settledSettings(asked({ kind: 'custom_headers', headers: { 'X-Key': '1' } }))).toEqual({ headerNames: ['X-Key'] });
  });
});

describe('the next secret of a connection', () => {
  it('may travel in other headers than the current one', () => {
    expect(requireRotatable({ kind: 'custom_headers', settings: { headerNames: ['a'] } }, { headers: { b: '2' } }, rules)).toEqual({ headerNames: ['b'] });
  });

  it('is refused where there is none to change', () => {
    expect(() => requireRotatable({ kind: 'none', settings: {} }, {}, rules)).toThrow('no secret');
  });
});

describe('a sandbox', () => {
  it('is one by either word, and not by two that contradict each other', () => {
    expect([isSandbox({ sandbox: true }), isSandbox({ sandbox: false, environment: 'sandbox' }), isSandbox({ sandbox: false })]).toEqual([true, true, false]);
    expect(() => isSandbox({ sandbox: true, environment: 'live' })).toThrow('not live');
  });
});
