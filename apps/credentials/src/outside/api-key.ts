import { API_KEY_FORM, type ApiKeyProof } from '@patchbay/contracts/access';
import { createHash, timingSafeEqual } from 'node:crypto';

export interface ShownApiKey {
  apiKeyId: string;
  /** SHA-256 of the whole key: its secret has 256 random bits, so that a slow hash would protect nothing more. */
  hash: Buffer;
}

/** What may be stored and compared of an API key `pbk_<id>_<secret>`; null when the text has another form. */
export function parseApiKey(text: string): ShownApiKey | null {
  const id = API_KEY_FORM.exec(text)?.[1];
  return id ? { apiKeyId: `key_${id}`, hash: createHash('sha256').update(text).digest() } : null;
}

/** For a key whose form is already known to be right. */
export function requireApiKey(text: string): ShownApiKey {
  const proof = parseApiKey(text);
  if (!proof) throw new Error('An API key of our own has the wrong form.');
  return proof;
}

/** The same of a key that was shown elsewhere. */
export function shownApiKey({ apiKeyId, sha256 }: ApiKeyProof): ShownApiKey {
  return { apiKeyId, hash: Buffer.from(sha256, 'hex') };
}

/** Compares in constant time. */
export function isSameKey(stored: Buffer, shown: Buffer): boolean {
  return stored.length === shown.length && timingSafeEqual(stored, shown);
}
