import { createHash, timingSafeEqual } from 'node:crypto';

const FORM = /^pbk_([a-z0-9]{16})_[A-Za-z0-9]{32,128}$/;

export interface ApiKeyProof {
  apiKeyId: string;
  /** SHA-256 of the whole key: its secret has 256 random bits, so that a slow hash would protect nothing more. */
  hash: Buffer;
}

/** What may be stored and compared of an API key `pbk_<id>_<secret>`; null when the text has another form. */
export function parseApiKey(text: string): ApiKeyProof | null {
  const id = FORM.exec(text)?.[1];
  return id ? { apiKeyId: `key_${id}`, hash: createHash('sha256').update(text).digest() } : null;
}

/** For a key whose form is already known to be right. */
export function requireApiKey(text: string): ApiKeyProof {
  const proof = parseApiKey(text);
  if (!proof) throw new Error('An API key of our own has the wrong form.');
  return proof;
}

/** Compares in constant time. */
export function isSameKey(stored: Buffer, shown: Buffer): boolean {
  return stored.length === shown.length && timingSafeEqual(stored, shown);
}
