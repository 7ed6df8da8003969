import { z } from 'zod';

/** A public key of X25519 as a JWK (RFC 8037). What is sealed for it can be read by whoever has the private half, and by nobody who reads messages. */
export const SealingPublicKey = z.object({ kty: z.literal('OKP'), crv: z.literal('X25519'), x: z.string().regex(/^[A-Za-z0-9_-]{43}$/) });
export type SealingPublicKey = z.infer<typeof SealingPublicKey>;

/** JSON as a compact JWE (RFC 7516): `ECDH-ES` and `A256GCM`. */
export const SealedText = z.string().max(65_536).regex(/^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]*){4}$/, 'is not a compact JWE');

/** JSON that must not be read in messages, sealed for the key of `prepare_secret`, with its ticket. */
export const Sealed = z.object({ ticket: z.string().max(8192), text: SealedText });
export type Sealed = z.infer<typeof Sealed>;
