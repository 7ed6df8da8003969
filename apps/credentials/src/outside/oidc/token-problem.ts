import { ServiceError } from '@patchbay/contracts/errors';
import { errors } from 'jose';

export type TokenProblem = 'malformed' | 'algorithm' | 'signature' | 'issuer' | 'audience' | 'expired' | 'not_yet_valid' | 'nonce' | 'claims';

const WORDS: Record<TokenProblem, string> = {
  malformed: 'The token is no signed token (JWT).',
  algorithm: 'The token is not signed in a way that is accepted here; the issuer must sign it with a public key (RS256, PS256, ES256, EdDSA).',
  signature: 'The token is not signed with a key of the issuer.',
  issuer: 'The token is from another issuer.',
  audience: 'The token is for another audience.',
  expired: 'The token has expired; get a new one.',
  not_yet_valid: 'The token is not valid yet; is the clock of the issuer right?',
  nonce: 'The token belongs to another sign-in.',
  claims: 'The token lacks what it must say.',
};

/** A refusal that says which check failed: whoever holds a token knows what stands in it. */
export function tokenRefused(problem: TokenProblem): ServiceError {
  return new ServiceError('unauthenticated', WORDS[problem], { details: { problem } });
}

const BY_CLAIM: Record<string, TokenProblem> = { iss: 'issuer', aud: 'audience', exp: 'expired', nbf: 'not_yet_valid', iat: 'not_yet_valid', nonce: 'nonce' };

export function problemOfClaim(claim: string | undefined): TokenProblem {
  return BY_CLAIM[claim ?? ''] ?? 'claims';
}

/** What a failed check of the library means; null when the issuer's keys could not be read, which is nobody's token's fault. */
export function tokenProblem(error: unknown): TokenProblem | null {
  if (error instanceof errors.JWTExpired) return 'expired';
  if (error instanceof errors.JWTClaimValidationFailed) return error.reason === 'missing' ? 'claims' : problemOfClaim(error.claim);
  if (error instanceof errors.JOSEAlgNotAllowed || error instanceof errors.JOSENotSupported) return 'algorithm';
  if (error instanceof errors.JWSSignatureVerificationFailed || error instanceof errors.JWKSNoMatchingKey) return 'signature';
  if (error instanceof errors.JWKSMultipleMatchingKeys) return 'signature';
  return error instanceof errors.JWTInvalid || error instanceof errors.JWSInvalid ? 'malformed' : null;
}
