import { describe, expect, it } from '@jest/globals';
import { leadsFurther, maySendTo, originOf, Origins } from './connection-origins.ts';

describe('the origins of a connection', () => {
  it.each([
    ['HTTPS://Api.Example.com', 'https://api.example.com'],
    ['https://api.example.com:443/', 'https://api.example.com'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['https://bücher.example', 'https://xn--bcher-kva.example'],
    ['https://*.Example.com:8443', 'https://*.example.com:8443'],
    ['https://[::1]:8443', 'https://[::1]:8443'],
    ['https://0x7f.1', 'https://127.0.0.1'],
  ])('are written as the URL standard writes them: %s', (written, kept) => {
    expect(Origins.parse([written])).toEqual([kept]);
  });

  it('are kept once each', () => {
    expect(Origins.parse(['https://a.example', 'https://A.example:443'])).toEqual(['https://a.example']);
  });

  it.each([
    'api.example.com',
    'ftp://api.example.com',
    'https://api.example.com/v1',
    'https://api.example.com?x=1',
    'https://api.example.com#x',
    'https://user:password@api.example.com',
    'https://api.example.com\\@evil.example',
    'https:\\\\api.example.com',
    'https://api.example.com evil.example',
    'https://api.exam\nple.com',
    'https://api.example.com:99999',
    'https://',
    '*',
    'https://*',
    'https://*.com',
    'https://*.',
    'https://*..com',
    'https://api.*.example.com',
    'https://*.*.example.com',
    'https://a*.example.com',
    'https://%2A',
    'https://*.127.0.0.1',
  ])('are refused in words when they are none: %s', (text) => {
    const { error } = Origins.safeParse([text]);

    expect(error?.issues).toEqual([expect.objectContaining({ path: [0], message: expect.stringMatching(/^(is not an origin|has a \*)/) })]);
  });

  it('are twenty at most', () => {
    expect(Origins.safeParse(Array.from({ length: 21 }, (_, at) => `https://a${at}.example`)).success).toBe(false);
  });
});

describe('a secret that is bound to origins', () => {
  const bound = ['https://api.example.com', 'https://*.shop.example', 'http://127.0.0.1:8080'];

  it.each(['https://api.example.com/v1', 'https://eu.shop.example', 'https://a.b.shop.example/x', 'http://127.0.0.1:8080/y'])('may go to %s', (url) => {
    expect(maySendTo(bound, originOf(url)!)).toBe(true);
  });

  it.each([
    'http://api.example.com',
    'https://api.example.com:8443',
    'https://api.example.com.evil.example',
    'https://evil.example/?https://api.example.com',
    'https://api.example.com@evil.example',
    'https://shop.example',
    'https://evilshop.example',
    'http://eu.shop.example',
    'https://eu.shop.example:444',
    'https://eu.shop.example.',
    'http://127.0.0.1:8081',
  ])('may not go to %s', (url) => {
    expect(maySendTo(bound, originOf(url)!)).toBe(false);
  });

  it('may go anywhere when it is bound to none', () => {
    expect(maySendTo([], 'https://anywhere.example')).toBe(true);
  });

  it.each([
    [[], ['https://a.example'], false],
    [['https://a.example', 'https://b.example'], ['https://a.example'], false],
    [['https://*.example.com'], ['https://a.example.com'], false],
    [['https://*.example.com'], ['https://*.a.example.com'], false],
    [['https://a.example'], [], true],
    [['https://a.example'], ['https://a.example', 'https://b.example'], true],
    [['https://a.example.com'], ['https://*.example.com'], true],
    [['https://a.example'], ['http://a.example'], true],
  ])('bound to %j and then to %j: it leads further is %s', (before, after, further) => {
    expect(leadsFurther(before, after)).toBe(further);
  });
});
