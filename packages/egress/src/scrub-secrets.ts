import type { ResponseHeaders, SendResult } from './send-result.ts';

/** A shorter one could be any word of an answer. */
const MIN_SECRET_CHARACTERS = 8;
const SCHEME = /^(?:basic|bearer|token|apikey)\s+/i;
const REPLACEMENT = '[secret]';
const MAX_REMEMBERED = 1_000;
/** Escaped more often than so is not written by any program. */
const MAX_BACKSLASHES = 16;
/** Signs of a text in which letters and digits may be written in another way, and those ways (see `spellingsOf`). */
const ESCAPES = /\\[ux]|%[0-9a-f]{2}|&#/i;
const ESCAPED = /(?:%(?:25)*|\\{1,16}(?:x|u00))([0-9a-f]{2})|&(?:amp;)*#(?:0*(\d{2,3})|x0*([0-9a-f]{2}));/gi;

/**
 * The answer without the secrets of its request. A provider that repeats what it was sent ("invalid token sk_live_…") would put them before
 * a model, into evidence and into logs. Found as they are, escaped character by character (JSON, also twice; HTML and XML; URL) and mixed,
 * in base64 at any offset, and in hex; those of fewer than 8 characters are not looked for. The same object when there is nothing to take out.
 */
export function scrubSecrets(result: SendResult, secrets: readonly string[]): SendResult {
  if (result.kind === 'failed') return result;
  // Latin-1 keeps every byte of whatever the body is.
  const text = result.body.toString('latin1');
  const wanted = secrets.flatMap(patternsOf);
  const inBody = foundIn(text, wanted);
  const headers = scrubHeaders(result.headers, wanted);
  if (inBody.length === 0 && headers === result.headers) return result;
  const body = inBody.length === 0 ? result.body : Buffer.from(replaceIn(text, inBody), 'latin1');
  return { ...result, headers, body };
}

/** What of a connection's headers is secret: the values, a token without its scheme, both halves of a user name and password. */
export function secretsOfHeaders(headers: Record<string, string>): string[] {
  return Object.values(headers).flatMap((value) => {
    const credential = value.replace(SCHEME, '');
    if (!/^basic\s/i.test(value)) return [credential];
    const pair = Buffer.from(credential, 'base64').toString();
    return [credential, pair.slice(pair.indexOf(':') + 1)];
  });
}

/** One way in which a secret is written. */
interface SecretPattern {
  /** Letters and digits that are part of it: where they are not, however they are escaped, it is not. Lower case. */
  piece: string;
  /** Every spelling of it. Compiled on first use: compiling and first running one takes tens of milliseconds, which no call shall wait for. */
  spellings: () => RegExp;
}

/** Made once for each secret that is in use: a connection serves many requests. */
const remembered = new Map<string, SecretPattern[]>();

function patternsOf(secret: string): SecretPattern[] {
  if (secret.length < MIN_SECRET_CHARACTERS) return [];
  const known = remembered.get(secret);
  if (known) return known;
  const bytes = Buffer.from(secret);
  const hex = bytes.toString('hex');
  const patterns = [
    // Byte by byte, as the body is read.
    patternOf(bytes.toString('latin1'), 'gi'),
    ...[...base64Cores(bytes), hex].map((text) => patternOf(text, 'g')),
    { piece: hex, spellings: () => new RegExp(hex, 'gi') },
  ];
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  remembered.set(secret, patterns);
  return patterns;
}

function patternOf(text: string, flags: string): SecretPattern {
  let compiled: RegExp | undefined;
  return { piece: plainPiece(text).toLowerCase(), spellings: () => (compiled ??= new RegExp([...text].map(spellingsOf).join(''), flags)) };
}

const ENTITIES: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos' };

/** One character in each way that a program writes it. */
function spellingsOf(character: string): string {
  if (character === '\\') return `(?:${BACKSLASH}){1,${MAX_BACKSLASHES}}`;
  if (/[a-z0-9]/i.test(character)) return `(?:${waysOf(character, character)})`;
  const space = character === ' ' ? '\\+|' : '';
  const hex = character.charCodeAt(0).toString(16).padStart(2, '0');
  // Each level of escaping may put a backslash before it.
  return `(?:${BACKSLASH}){0,${MAX_BACKSLASHES}}(?:${space}${waysOf(character, `\\x${hex}`)})`;
}

function waysOf(character: string, itself: string): string {
  const code = character.charCodeAt(0);
  const hex = code.toString(16).padStart(2, '0');
  const entity = ENTITIES[character];
  return [
    itself,
    `(?:%(?:25)*|\\\\{1,${MAX_BACKSLASHES}}(?:x|u00))${hex}`,
    `&(?:amp;)*(?:#(?:0*${code}|x0*${hex})${entity ? `|${entity}` : ''});`,
  ].join('|');
}

/** One backslash; a level of escaping doubles it, or writes it in one of these ways. */
const BACKSLASH = waysOf('\\', '\\\\');

/** The longest run of letters and digits. */
function plainPiece(text: string): string {
  return text.split(/[^A-Za-z0-9]+/).reduce((longest, piece) => (piece.length > longest.length ? piece : longest), '');
}

/** Base64 of a secret inside a longer text depends on where it begins, modulo 3; what does not depend on its neighbours is its core. */
function base64Cores(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64').replaceAll('=', '');
    const from = offset === 0 ? 0 : offset + 1;
    const to = (offset + bytes.length) % 3 === 0 ? encoded.length : encoded.length - 1;
    const core = encoded.slice(from, to);
    return [...new Set([core, core.replaceAll('+', '-').replaceAll('/', '_')])];
  });
}

/** The patterns that match somewhere in a text. Nearly always it is none, which is told without trying one. */
function foundIn(text: string, patterns: SecretPattern[]): RegExp[] {
  const plain = text.toLowerCase();
  const readings = ESCAPES.test(text) ? [plain, unescaped(plain)] : [plain];
  return patterns
    .filter(({ piece }) => readings.some((reading) => reading.includes(piece)))
    .map(({ spellings }) => spellings())
    .filter((pattern) => text.search(pattern) >= 0);
}

function unescaped(text: string): string {
  return text.replace(ESCAPED, (_all, hex?: string, decimal?: string, entityHex?: string) =>
    String.fromCharCode(decimal ? Number(decimal) : parseInt((hex ?? entityHex)!, 16)).toLowerCase(),
  );
}

function scrubHeaders(headers: ResponseHeaders, wanted: SecretPattern[]): ResponseHeaders {
  const patterns = foundIn(Object.values(headers).flat().join('\n'), wanted);
  if (patterns.length === 0) return headers;
  let changed = false;
  const scrub = (text: string) => {
    const clean = replaceIn(text, patterns);
    changed ||= clean !== text;
    return clean;
  };
  const clean = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.map(scrub) : value && scrub(value)]));
  return changed ? clean : headers;
}

function replaceIn(text: string, patterns: RegExp[]): string {
  return patterns.reduce((rest, pattern) => rest.replace(pattern, REPLACEMENT), text);
}
