import type { Connection } from '@patchbay/contracts/connections';
import { ServiceError } from '@patchbay/contracts/errors';
import { requireOAuthClient, type OAuthClient } from './oauth-client.ts';
import { requireNotDeleted } from '../connection-lifecycle.ts';
import { problemOfError, problemOfOddAnswer, type TokenProblem } from './token-problem.ts';

/** What came of telling a provider that a grant has ended. `not_offered`: it says that it does not revoke such tokens. */
export type Revocation = 'revoked' | 'not_offered' | 'nobody_to_tell';

export interface RevocationAnswer {
  status: number;
  /** `error` of the body in the words of the protocol; null: it has none. */
  error: string | null;
  /** A page, or an error in other words than the protocol's: not what a revocation end point says. */
  isOdd: boolean;
  retryAfterMs: number | null;
}

/** RFC 7009, 2.2.1: the token is worth nothing already, which is what was asked for. */
const WORTH_NOTHING: readonly string[] = ['invalid_token', 'invalid_grant'];
/** RFC 7009 wants 200; an answer without a body is often 204. */
const DONE: readonly number[] = [200, 204];

/** What the answer of a revocation end point means: only what is of the protocol counts as done. */
export function readRevocation({ status, error, isOdd, retryAfterMs }: RevocationAnswer): Exclude<Revocation, 'nobody_to_tell'> | TokenProblem {
  if (error === 'unsupported_token_type') return 'not_offered';
  if (error !== null && status === 400 && WORTH_NOTHING.includes(error)) return 'revoked';
  if (error !== null) return problemOfError({ status, error, retryAfterMs }, 'revocation');
  return DONE.includes(status) && !isOdd ? 'revoked' : problemOfOddAnswer(status, retryAfterMs, 'revocation');
}

const NOT_TOLD = 'Its tokens are destroyed here, but the provider was not told';
const REMOVE_IT_THERE = 'remove the access in the account at the provider, too.';

const WORDS: Readonly<Record<Revocation, string>> = {
  revoked: 'The access was taken back: the provider has revoked it, and its tokens are destroyed here.',
  not_offered: `${NOT_TOLD}, because it does not revoke such tokens: ${REMOVE_IT_THERE}`,
  nobody_to_tell: `${NOT_TOLD}, because no revocation end point of it is known: ${REMOVE_IT_THERE}`,
};

/** Why the connection does not work from now on. */
export function revocationWords(revocation: Revocation): string {
  return WORDS[revocation];
}

/** One that a person has agreed to. Throws `failed_precondition` for any other: there is no grant that could be taken back. */
export function requireRevocable(connection: Pick<Connection, 'kind' | 'settings' | 'lifecycle'>): OAuthClient {
  requireNotDeleted(connection);
  const client = requireOAuthClient(connection);
  if (client.grant === 'authorization_code') return client;
  throw new ServiceError('failed_precondition', 'Nobody granted this access: the client gets its tokens by itself. Disable the connection, or delete it.');
}
