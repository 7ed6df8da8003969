import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Answered } from './send-result.ts';
import { scrubSecrets, secretsOfHeaders } from './scrub-secrets.ts';

const SECRET = 'sk_live_0123456789+/"\\<x y';

function answer(body: string, headers: Answered['headers'] = {}): Answered {
  return {
    kind: 'answered',
    status: 401,
    headers,
    body: Buffer.from(body),
    wireBytes: body.length,
    decodedBytes: body.length,
    redirectRefused: false,
    timings: { totalMs: 1, reusedConnection: false },
  };
}

const scrubbed = (body: string, secrets = [SECRET]) => (scrubSecrets(answer(body), secrets) as Answered).body.toString();

describe('an answer that repeats a secret', () => {
  it.each([
    ['as it is', `invalid token ${SECRET}!`],
    ['JSON-escaped', JSON.stringify({ error: `invalid token ${SECRET}` })],
    ['URL-encoded', `?token=${encodeURIComponent(SECRET)}&x=1`],
    ['in base64', Buffer.from(SECRET).toString('base64')],
    ['in URL-safe base64', Buffer.from(SECRET).toString('base64url')],
    ['in base64 behind one byte', Buffer.from(`a${SECRET}:rest`).toString('base64')],
    ['in base64 behind two bytes', Buffer.from(`ab${SECRET}:rest`).toString('base64')],
    ['twice', `${SECRET} ${SECRET}`],
    ['JSON-escaped twice', JSON.stringify(JSON.stringify({ error: SECRET }))],
    ['in HTML', `<pre>authorization: Bearer ${SECRET.replaceAll('"', '&quot;')}</pre>`],
    ['in HTML inside JSON', JSON.stringify(`<pre>${SECRET.replaceAll('"', '&quot;')}</pre>`)],
    ['in XML by numbers', [...SECRET].map((character) => `&#${character.codePointAt(0)};`).join('')],
    ['each character as \\u', [...SECRET].map((character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')],
    ['JSON, each character of it as \\u', [...JSON.stringify(SECRET)].map((character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')],
    ['URL-encoded, every character of it', [...Buffer.from(SECRET)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')],
    ['URL-encoded twice', encodeURIComponent(encodeURIComponent(SECRET))],
    ['in hex', Buffer.from(SECRET).toString('hex')],
    ['in upper-case hex', Buffer.from(SECRET).toString('hex').toUpperCase()],
  ])('loses it when it stands there %s', (_how, body) => {
    const clean = scrubbed(body);

    expect(clean).toContain('[secret]');
    expect(clean).not.toContain(SECRET);
    expect(Buffer.from(clean, 'base64').toString()).not.toContain('live_0123456');
  });

  it('loses it from headers, one value or several', () => {
    const { headers } = scrubSecrets(answer('', { 'x-echo': SECRET, 'set-cookie': [`a=${SECRET}`, 'b=2'], 'x-other': 'kept' }), [SECRET]) as Answered;

    expect(headers).toEqual({ 'x-echo': '[secret]', 'set-cookie': ['a=[secret]', 'b=2'], 'x-other': 'kept' });
  });

  it('keeps everything else, byte for byte', () => {
    const bytes = Buffer.concat([Buffer.from([0xff, 0xfe, 0x00]), Buffer.from('token=abcdefgh'), Buffer.from('€')]);
    const { body } = scrubSecrets({ ...answer(''), body: bytes }, ['abcdefgh']) as Answered;

    expect(body).toEqual(Buffer.concat([Buffer.from([0xff, 0xfe, 0x00]), Buffer.from('token=[secret]'), Buffer.from('€')]));
  });

  it('is the same object when there is no secret in it', () => {
    const clean = answer('{"ok":true}');

    expect(scrubSecrets(clean, [SECRET])).toBe(clean);
  });

  it('keeps words that are too short to be told from others', () => {
    expect(scrubbed('region eu-1', ['eu-1'])).toBe('region eu-1');
  });

  it('is read fast, whatever a provider answers', () => {
    const hostile = [`${'\\'.repeat(200_000)}x`, '%25'.repeat(100_000), '&amp;'.repeat(100_000), 'sk_live_'.repeat(50_000), '\\u00'.repeat(80_000)];

    for (const body of hostile) expect((scrubSecrets(answer(body), [SECRET, '\\\\\\\\\\\\\\\\']) as Answered).kind).toBe('answered');
  });

  it('loses any secret of 8 characters or more, however it is embedded in base64', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 8, maxLength: 60, unit: 'grapheme-ascii' }), fc.string(), fc.string(), (secret, before, after) => {
        const clean = scrubbed(Buffer.from(before + secret + after).toString('base64'), [secret]);

        expect(clean).toContain('[secret]');
      }),
    );
  });

  it('loses any secret with a word of four characters, however each of its characters is written', () => {
    const spellings = [
      (character: string) => character,
      (_: string, hex: string) => `%${hex}`,
      (_: string, hex: string) => `%2525${hex.toUpperCase()}`,
      (_: string, hex: string) => `\\u00${hex}`,
      (_: string, hex: string) => `\\\\\\\\x${hex}`,
      (_: string, hex: string) => `&#x0${hex};`,
      (character: string) => `&amp;#${character.charCodeAt(0)};`,
    ];
    const secrets = fc.tuple(fc.string({ minLength: 4, maxLength: 20, unit: 'grapheme-ascii' }), fc.stringMatching(/^[a-zA-Z0-9]{4,12}$/)).map((parts) => parts.join('-'));
    fc.assert(
      fc.property(secrets, fc.array(fc.nat(spellings.length - 1), { minLength: 40, maxLength: 40 }), fc.boolean(), (secret, ways, inHeader) => {
        const written = [...secret].map((character, at) => spellings[ways[at]!]!(character, character.charCodeAt(0).toString(16).padStart(2, '0'))).join('');
        const clean = scrubSecrets(inHeader ? answer('', { 'x-echo': `<${written}>` }) : answer(`<${written}>`), [secret]) as Answered;

        expect(inHeader ? clean.headers['x-echo'] : clean.body.toString()).toBe('<[secret]>');
      }),
    );
  });
});

describe('the secrets of headers', () => {
  it('are their values without a scheme, and of a user name and password both spellings', () => {
    const basic = Buffer.from('user:pass:word').toString('base64');

    expect(secretsOfHeaders({ authorization: 'Bearer abc', 'x-key': 'def' })).toEqual(['abc', 'def']);
    expect(secretsOfHeaders({ authorization: `Basic ${basic}` })).toEqual([basic, 'pass:word']);
  });
});
