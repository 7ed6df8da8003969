import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** Whose secret it is. It is authenticated with the ciphertext: a row copied elsewhere does not open. */
export interface SecretOwner {
  organizationId: string;
  connectionId: string;
  version: number;
}

/** A key that wraps data keys; 32 bytes. */
export interface WrappingKey {
  keyId: string;
  bytes: Buffer;
}

/** A secret as it is stored: encrypted with a data key of its own, which is wrapped by the key `keyId`. */
export interface Envelope {
  alg: string;
  keyId: string;
  wrappedKey: Sealed;
  secret: Sealed;
}

export interface Sealed {
  iv: Buffer;
  tag: Buffer;
  ciphertext: Buffer;
}

export const ALG = 'aes-256-gcm';
export const KEY_BYTES = 32;
/** 96 bits, the length GCM is made for. */
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Encrypts a secret with a fresh data key and wraps that key. */
export function sealSecret(owner: SecretOwner, secret: string, wrappingKey: WrappingKey): Envelope {
  const { keyId, bytes } = wrappingKey;
  const aad = authenticatedText(owner, keyId);
  const dataKey = randomBytes(KEY_BYTES);
  const envelope = {
    alg: ALG,
    keyId,
    wrappedKey: encrypt(bytes, dataKey, aad),
    secret: encrypt(dataKey, Buffer.from(secret), aad),
  };
  dataKey.fill(0);
  return envelope;
}

/** Decrypts a secret; null when anything of the envelope, its owner or the key is not what it was sealed with. */
export function openSecret(owner: SecretOwner, envelope: Envelope, wrappingKey: WrappingKey): string | null {
  if (envelope.alg !== ALG) return null;
  const aad = authenticatedText(owner, envelope.keyId);
  const dataKey = decrypt(wrappingKey.bytes, envelope.wrappedKey, aad);
  if (!dataKey) return null;
  const secret = decrypt(dataKey, envelope.secret, aad);
  dataKey.fill(0);
  return secret && secret.toString();
}

function authenticatedText({ organizationId, connectionId, version }: SecretOwner, keyId: string): Buffer {
  return Buffer.from(`v1|${organizationId}|${connectionId}|${version}|${keyId}`);
}

function encrypt(key: Buffer, plain: Buffer, aad: Buffer): Sealed {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(ALG, key, iv, { authTagLength: TAG_BYTES }).setAAD(aad);
  const ciphertext = Buffer.concat([cipher.update(plain), cipher.final()]);
  return { iv, tag: cipher.getAuthTag(), ciphertext };
}

function decrypt(key: Buffer, { iv, tag, ciphertext }: Sealed, aad: Buffer): Buffer | null {
  try {
    const decipher = createDecipheriv(ALG, key, iv, { authTagLength: TAG_BYTES }).setAAD(aad).setAuthTag(tag);
    return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
  } catch {
    return null; // Node says no more than that it cannot be authenticated, and so can we.
  }
}
