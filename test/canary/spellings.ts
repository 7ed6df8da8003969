/** How a secret may be written where it leaks. */
export interface Spelling {
  name: string;
  bytes: Buffer;
}

const SIGNING_SECRET = /^whsec_([A-Za-z0-9+/]+={0,2})$/;
const HTML: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Every spelling that is looked for. Texts whose characters are written as `\uXXXX` or `%XX` one by one are decoded before. */
export function spellingsOf(secret: string): Spelling[] {
  const bytes = Buffer.from(secret);
  const json = JSON.stringify(secret).slice(1, -1);
  const key = SIGNING_SECRET.exec(secret)?.[1];
  const texts: [string, string][] = [
    ['raw', secret],
    ['JSON', json],
    ['JSON with escaped slashes', json.replaceAll('/', String.raw`\/`)],
    ['JSON in JSON', JSON.stringify(json).slice(1, -1)],
    ['URL-encoded', encodeURIComponent(secret)],
    ['form-encoded', new URLSearchParams([['', secret]]).toString().slice(1)],
    ['HTML', secret.replaceAll(/[&<>"']/g, (character) => HTML[character]!)],
    ['SQL', secret.replaceAll('"', '""').replaceAll('\\', '\\\\')],
    ...base64Cores(bytes).flatMap((core): [string, string][] => [
      ['base64', core],
      ['base64url', core.replaceAll('+', '-').replaceAll('/', '_')],
    ]),
    ['hex', bytes.toString('hex')],
    ['hex', bytes.toString('hex').toUpperCase()],
  ];
  const spellings = texts.map(([name, text]) => ({ name, bytes: Buffer.from(text) }));
  if (key !== undefined) spellings.push({ name: 'raw key', bytes: Buffer.from(key, 'base64') });
  return spellings;
}

/** Base64 inside a longer text depends on where it begins, modulo 3; what does not depend on the neighbours is its core. */
function base64Cores(bytes: Buffer): string[] {
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64').replaceAll('=', '');
    const from = offset === 0 ? 0 : offset + 1;
    return encoded.slice(from, (offset + bytes.length) % 3 === 0 ? undefined : -1);
  });
}

const ESCAPE = /\\+u([0-9a-fA-F]{4})/g;
const PERCENT = /%([0-9a-fA-F]{2})/g;

/** The same text with every `\uXXXX` and `%XX` as the character it stands for; null when there is none. Bytes stay bytes (Latin-1). */
export function decoded(bytes: Buffer): Buffer | null {
  const hasEscapes = bytes.includes(String.raw`\u`);
  const hasPercents = bytes.includes('%');
  if (!hasEscapes && !hasPercents) return null;
  const character = (_: string, hex: string) => String.fromCharCode(Number.parseInt(hex, 16) & 0xff);
  const text = bytes.toString('latin1');
  const unescaped = hasEscapes ? text.replaceAll(ESCAPE, character) : text;
  const plain = hasPercents ? unescaped.replaceAll(PERCENT, character) : unescaped;
  return plain === text ? null : Buffer.from(plain, 'latin1');
}
