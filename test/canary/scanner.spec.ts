import { describe, expect, it } from '@jest/globals';
import { Canaries } from './canaries.ts';
import { Scanner } from './scanner.ts';

const canaries = new Canaries();
const secret = canaries.make('bearer', 'secret');
const signing = canaries.makeSigningSecret('signing_secret', 'secret');
const escapedOneByOne = [...secret].map((character) => String.raw`\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
const percentOneByOne = [...secret].map((character) => `%${character.charCodeAt(0).toString(16)}`).join('');

function spellingsFoundIn(text: string | Buffer): string[] {
  const scanner = new Scanner(canaries.all);
  scanner.scan('a place', 'a file', Buffer.from(text));
  return scanner.hits.map(({ canary, spelling }) => `${canary.kind}: ${spelling}`);
}

describe('a scan', () => {
  it.each([
    ['as it is', secret],
    ['in JSON', JSON.stringify({ secret })],
    ['in JSON inside JSON', JSON.stringify(JSON.stringify({ secret }))],
    ['in JSON that escapes slashes', JSON.stringify({ secret }).replaceAll('/', String.raw`\/`)],
    ['in JSON that escapes one character', JSON.stringify({ secret }).replace(secret[20]!, String.raw`\u00${secret.charCodeAt(20).toString(16)}`)],
    ['in JSON that escapes every character', escapedOneByOne],
    ['in a URL', encodeURIComponent(secret)],
    ['in a URL that encodes every character', percentOneByOne],
    ['in a form', new URLSearchParams({ secret }).toString()],
    ['in HTML', `<p>${secret.replaceAll('"', '&quot;')}</p>`],
    ['in hex', Buffer.from(secret).toString('hex')],
    ['in hex with capitals', Buffer.from(secret).toString('hex').toUpperCase()],
    ['cut off after a few characters', `Unexpected token in "${secret.slice(0, 10)}`],
    ['begun in the middle', `...${secret.slice(-13)}`],
  ])('finds a secret that is written %s', (_name, text) => {
    expect(spellingsFoundIn(`x${text}y`)).toEqual(expect.arrayContaining([expect.stringMatching(/^bearer: /)]));
  });

  it.each(['base64', 'base64url'] as const)('finds a secret in %s, wherever in the text it begins', (encoding) => {
    for (const before of ['', 'u', 'us', 'user:', 'user-1:']) {
      expect(spellingsFoundIn(Buffer.from(`${before}${secret} and more`).toString(encoding))).not.toEqual([]);
    }
  });

  it('finds the key of a signing secret as it is handed out, and as bytes', () => {
    expect(spellingsFoundIn(signing)).toEqual(['signing_secret: base64']);
    expect(spellingsFoundIn(Buffer.from(signing.slice('whsec_'.length), 'base64'))).toEqual(['signing_secret: raw']);
  });

  it('counts one occurrence once, and two as two', () => {
    expect(spellingsFoundIn(secret)).toEqual(['bearer: raw']);
    expect(spellingsFoundIn(`${secret} ${secret}`)).toEqual(['bearer: raw', 'bearer: raw']);
  });

  it('finds nothing in what is no secret, nor in a hint of four characters', () => {
    expect(spellingsFoundIn(`hint: ${secret.slice(-4)} ${'abcdefghijklmnopqrstuvwxyz0123456789'.repeat(100)}`)).toEqual([]);
  });

  it('does not show in its findings what it found', () => {
    const scanner = new Scanner(canaries.all);
    scanner.scan('a place', 'a file', Buffer.from(`{"authorization":"Bearer ${secret}"}`));

    expect(scanner.hits).toMatchObject([{ where: 'a file', around: expect.stringContaining('"authorization":"Bearer [') }]);
    expect(scanner.hits.filter(({ around }) => around.includes(secret.slice(0, 6)))).toEqual([]);
  });
});
