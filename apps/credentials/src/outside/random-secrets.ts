import { randomBytes } from 'node:crypto';

/** `pbk_<id>_<secret>`: 64 random bits to find it by, 256 to trust it by. */
export function randomApiKey(): string {
  return `pbk_${randomBytes(8).toString('hex')}_${randomBytes(32).toString('hex')}`;
}

/** A Standard Webhooks secret; the specification asks for 24 to 64 bytes. */
export function randomSigningSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}
