import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** What a sign-in must be able to show when it comes back. */
export interface SignInProof {
  /** PKCE, RFC 7636: 43 characters. */
  verifier: string;
  /** OpenID Connect: stands in the ID token. */
  nonce: string;
}

export const RANDOM_BYTES = 32;

/** 256 random bits, in characters that a URL and a cookie carry as they are. */
export function randomToken(): string {
  return randomBytes(RANDOM_BYTES).toString('base64url');
}

/** For what has 128 random bits or more, a fast hash at rest is enough. */
export function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/**
 * Made again from what three places hold: the database (seed), the address bar (state) and the browser's cookie (binding). A stolen dump or a
 * leaked URL alone gives neither verifier nor nonce.
 */
export function signInProof(seed: Buffer, state: string, binding: string): SignInProof {
  const derive = (purpose: string) => createHmac('sha256', seed).update(`${purpose}|${state}|${binding}`).digest('base64url');
  return { verifier: derive('verifier'), nonce: derive('nonce') };
}

/** In constant time. */
export function isSameBinding(stored: Buffer, binding: string): boolean {
  return timingSafeEqual(stored, sha256(binding));
}

export const SESSION_TOKEN = /^pbs_/;

/** The token of a sign-in: `pbs_` and 256 random bits in hex. */
export function randomSessionToken(): string {
  return `pbs_${randomBytes(RANDOM_BYTES).toString('hex')}`;
}
