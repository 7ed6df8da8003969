import { randomBytes } from 'node:crypto';
import { ALG, decrypt, encrypt, KEY_BYTES } from './aes-gcm.ts';
import type { KeyProvider, Sealed, Unreadable } from './key-provider.ts';

/** What a secret is for: what a connection is told with, the OAuth tokens it was given, or what a sign-in under way must remember. */
export type Purpose = 'secret' | 'tokens' | 'pending';

/** Whose secret it is. It is authenticated with the ciphertext: a row copied elsewhere does not open. */
export interface SecretOwner {
  organizationId: string;
  connectionId: string;
  purpose: Purpose;
  version: number;
}

/** A secret as it is stored: encrypted with a data key of its own, which is wrapped by the key `keyId`. */
export interface Envelope {
  alg: string;
  keyId: string;
  wrappedKey: Sealed;
  secret: Sealed;
}

/** Encrypts a secret with a fresh data key and wraps that key. */
export async function sealSecret(owner: SecretOwner, secret: string, keys: KeyProvider): Promise<Envelope> {
  const keyId = await keys.currentKeyId();
  const authenticated = authenticatedText(owner, keyId);
  const dataKey = randomBytes(KEY_BYTES);
  try {
    const wrappedKey = await keys.wrap(keyId, dataKey, authenticated);
    return { alg: ALG, keyId, wrappedKey, secret: encrypt(dataKey, Buffer.from(secret), authenticated) };
  } finally {
    dataKey.fill(0);
  }
}

/** Decrypts a secret, or says why not: anything of the envelope, its owner or the key is not what it was sealed with. */
export async function openSecret(
  owner: SecretOwner,
  { alg, keyId, wrappedKey, secret }: Envelope,
  keys: KeyProvider,
): Promise<{ secret: string } | { unreadable: Unreadable }> {
  if (alg !== ALG) return { unreadable: 'tampered' };
  const authenticated = authenticatedText(owner, keyId);
  const dataKey = await keys.unwrap(keyId, wrappedKey, authenticated);
  if (!Buffer.isBuffer(dataKey)) return { unreadable: dataKey };
  const opened = decrypt(dataKey, secret, authenticated);
  dataKey.fill(0);
  return opened ? { secret: opened.toString() } : { unreadable: 'tampered' };
}

/** The first secrets were all of one purpose, and their text must stay what it was. */
function authenticatedText({ organizationId, connectionId, purpose, version }: SecretOwner, keyId: string): Buffer {
  const which = purpose === 'secret' ? version : `${purpose}:${version}`;
  return Buffer.from(`v1|${organizationId}|${connectionId}|${which}|${keyId}`);
}
