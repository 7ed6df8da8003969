import { ServiceError } from '@patchbay/contracts/errors';
import { AuthorizationResponseError, skipStateCheck, validateAuthResponse, type AuthorizationServer } from 'oauth4webapi';
import { errorWord } from '../../domain/oauth/token-problem.ts';
import type { FoundServer } from './authorization-servers.ts';

/**
 * What a provider sent a browser back with, if it is that provider's (RFC 9207) and says yes. Rejects `unauthenticated`, or `failed_precondition`
 * when it says no.
 */
export function requireYes({ metadata, issuer }: FoundServer, clientId: string, query: Readonly<Record<string, string>>): URLSearchParams {
  const answer = new URLSearchParams(query);
  // Where no issuer is known there is nothing to compare it with; several large providers send it all the same.
  if (issuer === null) answer.delete('iss');
  // The state has found the row that this answer belongs to; it was compared by that.
  const yes = validated(metadata, clientId, answer);
  if (!yes.get('code')) throw new ServiceError('unauthenticated', 'The answer of the provider has no code; start to connect the account again.');
  return yes;
}

function validated(metadata: AuthorizationServer, clientId: string, answer: URLSearchParams): URLSearchParams {
  try {
    return validateAuthResponse(metadata, { client_id: clientId }, answer, skipStateCheck);
  } catch (error) {
    if (error instanceof AuthorizationResponseError) throw refusal(error.error);
    const text = 'The answer is not of the issuer that was asked, so somebody may have mixed two providers up; nothing was connected.';
    throw new ServiceError('unauthenticated', text);
  }
}

function refusal(error: string): ServiceError {
  if (error === 'access_denied')
    return new ServiceError('failed_precondition', 'The provider says that the access was not granted; connect the account again to agree to it.');
  return new ServiceError('failed_precondition', `The provider did not connect the account: ${errorWord(error)}.`);
}
