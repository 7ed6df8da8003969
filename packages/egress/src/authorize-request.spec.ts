import { describe, expect, it } from '@jest/globals';
import { authorizeRequest } from './authorize-request.ts';
import { CredentialRefused } from './credential-refused.ts';
import type { PlacedRequest } from './place-arguments.ts';

const placed: PlacedRequest = {
  method: 'GET',
  url: 'https://api.example.com/v1/orders?q=tea',
  headers: { accept: 'text/plain', 'x-api-key': 'from an argument' },
};

describe('authorizeRequest', () => {
  it.each([
    ['a token', { Authorization: 'Bearer tok_12345678' }],
    ['a user name and password', { authorization: 'Basic dXNlcjpwYXNz' }],
    ['an API key', { 'X-Auth-Key': 'key_12345678' }],
    ['several headers', { 'x-one': '1', cookie: 'sid=12345678' }],
  ])('adds %s', (_name, headers: Record<string, string>) => {
    const expected = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

    expect(authorizeRequest(placed, headers)).toEqual({ ...placed.headers, ...expected });
  });

  it('lets the connection win, whatever the case of its name', () => {
    expect(authorizeRequest(placed, { 'X-API-Key': 'key_12345678' })).toEqual({
      accept: 'text/plain',
      'x-api-key': 'key_12345678',
    });
  });

  it('adds nothing without a connection and never changes the placed request', () => {
    expect(authorizeRequest(placed, undefined)).toEqual(placed.headers);
    expect(authorizeRequest(placed, undefined)).not.toBe(placed.headers);
  });

  it.each(['Basic dXNlcjpwYXNz', 'basic dXNlcjpwYXNz'])('does not send %s over plain http', (authorization) => {
    expect(() => authorizeRequest({ ...placed, url: 'http://10.0.0.1/' }, { authorization })).toThrow(
      'sent over https only',
    );
    expect(
      authorizeRequest({ ...placed, url: 'http://10.0.0.1/' }, { authorization: 'Bearer tok_12345678' }).authorization,
    ).toBe('Bearer tok_12345678');
  });

  it.each([
    ['Host', 'evil.example', 'is set by the sender'],
    ['transfer-encoding', 'chunked', 'is set by the sender'],
    ['webhook-signature', 'v1,x', 'is set by Patchbay'],
    ['Idempotency-Key', 'x', 'is set by Patchbay'],
    ['x y', 'tok_12345678', 'is not the name of a header'],
    ['x-key', 'tok_12345678\r\nx-evil: 1', 'has characters that cannot stand in a header'],
    ['x-key', 'tok_1234567\u00fc', 'has characters that cannot stand in a header'],
  ])('refuses the header %s of a connection and does not repeat its value', (name, value, problem) => {
    const authorize = (): unknown => authorizeRequest(placed, { [name]: value });

    expect(authorize).toThrow(CredentialRefused);
    expect(authorize).toThrow(`the header ${name} of the connection ${problem}`);
    expect(authorize).not.toThrow(value);
  });

  it.each([
    ['in the query', 'https://api.example.com/v1?key=tok_12345678', 'Bearer tok_12345678'],
    ['in the path', 'https://api.example.com/tok_12345678/v1', 'tok_12345678'],
    ['escaped', 'https://api.example.com/v1?key=tok%5F12%2533%345678', 'tok_12345678'],
    ['escaped because it must be', 'https://api.example.com/v1?key=a%2Bb%2Fc%3D%3D1234', 'a+b/c==1234'],
  ])('refuses a secret that also stands in the url, %s', (_name, url, authorization) => {
    expect(() => authorizeRequest({ ...placed, url }, { authorization })).toThrow('also stands in the url');
  });

  it.each([
    ['a short one', 'https://api.example.com/v2/orders', { 'x-version': 'v2' }],
    ['one in the host', 'https://acme-corp.example.com/v2', { 'x-tenant': 'acme-corp' }],
  ])('sends %s that happens to be part of the url', (_name, url, headers: Record<string, string>) => {
    expect(authorizeRequest({ ...placed, url }, headers)).toMatchObject(headers);
  });
});
