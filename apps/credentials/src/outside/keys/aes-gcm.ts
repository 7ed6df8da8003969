import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Sealed } from './key-provider.ts';

export const ALG = 'aes-256-gcm';
export const KEY_BYTES = 32;
/** 96 bits, the length GCM is made for. */
const IV_BYTES = 12;
const TAG_BYTES = 16;

export function encrypt(key: Buffer, plain: Buffer, authenticated: Buffer): Sealed {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(ALG, key, iv, { authTagLength: TAG_BYTES }).setAAD(authenticated);
  const ciphertext = Buffer.concat([cipher.update(plain), cipher.final()]);
  return { iv, tag: cipher.getAuthTag(), ciphertext };
}

export function decrypt(key: Buffer, { iv, tag, ciphertext }: Sealed, authenticated: Buffer): Buffer | null {
  try {
    const decipher = createDecipheriv(ALG, key, iv, { authTagLength: TAG_BYTES }).setAAD(authenticated).setAuthTag(tag);
    return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
  } catch {
    return null; // Node says no more than that it cannot be authenticated, and so can we.
  }
}
