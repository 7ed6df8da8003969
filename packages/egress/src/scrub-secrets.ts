import type { Answered, ResponseHeaders, SendResult } from './send-result.ts';

/** A shorter one could be any word of an answer. */
const MIN_SECRET_CHARACTERS = 8;
const SCHEME = /^(?:basic|bearer|token|apikey)\s+/i;
const REPLACEMENT = '[secret]';
const MAX_REMEMBERED = 1_000;

/**
 * The answer without the secrets of its request. A provider that repeats what it was sent ("invalid token sk_live_…") would put them before
 * a model, into evidence and into logs. Found as they are, in base64 at any offset, URL-encoded and JSON-escaped; those of fewer than 8
 * characters are not looked for. The same object when there is nothing to take out.
 */
export function scrubSecrets(result: SendResult, secrets: readonly string[]): SendResult {
  if (result.kind === 'failed') return result;
  const found = secrets.flatMap(spellingsOf).filter(({ bytes, text }) => result.body.includes(bytes) || standsInHeaders(result.headers, text));
  if (found.length === 0) return result;
  return withoutSpellings(result, found);
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

interface Spelling {
  text: string;
  bytes: Buffer;
}

/** Computed once for each secret that is in use: a connection serves many requests. */
const remembered = new Map<string, Spelling[]>();

function spellingsOf(secret: string): Spelling[] {
  if (secret.length < MIN_SECRET_CHARACTERS) return [];
  const known = remembered.get(secret);
  if (known) return known;
  const texts = [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), ...base64Cores(secret)];
  // The longest first: of two that begin alike the shorter would leave the rest behind.
  const unique = [...new Set(texts)].toSorted((a, b) => b.length - a.length);
  const spellings = unique.map((text) => ({ text, bytes: Buffer.from(text) }));
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  remembered.set(secret, spellings);
  return spellings;
}

/** Base64 of a secret inside a longer text depends on where it begins, modulo 3; what does not depend on its neighbours is its core. */
function base64Cores(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [0, 1, 2].flatMap((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64').replaceAll('=', '');
    const from = offset === 0 ? 0 : offset + 1;
    const to = (offset + bytes.length) % 3 === 0 ? encoded.length : encoded.length - 1;
    const core = encoded.slice(from, to);
    return [core, core.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

function standsInHeaders(headers: ResponseHeaders, text: string): boolean {
  return Object.values(headers).some((value) => (Array.isArray(value) ? value.some((one) => one.includes(text)) : value?.includes(text)));
}

function withoutSpellings(answer: Answered, found: Spelling[]): Answered {
  const scrub = (text: string) => found.reduce((rest, secret) => rest.replaceAll(secret.text, REPLACEMENT), text);
  const headers = Object.fromEntries(
    Object.entries(answer.headers).map(([name, value]) => [name, Array.isArray(value) ? value.map(scrub) : value && scrub(value)]),
  );
  // Latin-1 keeps every byte of whatever the body is.
  const body = found.reduce((rest, { bytes }) => rest.replaceAll(bytes.toString('latin1'), REPLACEMENT), answer.body.toString('latin1'));
  return { ...answer, headers, body: Buffer.from(body, 'latin1') };
}
