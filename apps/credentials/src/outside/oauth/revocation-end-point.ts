import { Injectable } from '@nestjs/common';
import type { SendResult } from '@patchbay/egress/send-result';
import { revocationRequest, type AuthorizationServer } from 'oauth4webapi';
import { readRevocation, type Revocation, type RevocationAnswer } from '../../domain/oauth/revocation.ts';
import { problemOfOurs, problemOfSilence } from '../../domain/oauth/token-problem.ts';
import { authenticationOf, clientOf } from './client-authentication.ts';
import type { TokenSecrets } from './kept-tokens.ts';
import { answerOf } from './oauth-answer.ts';
import type { OAuthExchange } from './oauth-exchange.ts';
import { TokenFailure } from './token-failure.ts';
import type { ArmedClient } from './token-source.ts';

/** Tells a provider that a grant has ended (RFC 7009), by oauth4webapi. */
@Injectable()
export class RevocationEndPoint {
  /** By its refresh token, with which the access tokens go too; by the access token where there is none. Rejects with `TokenFailure`. */
  async revoke(
    exchange: OAuthExchange,
    server: AuthorizationServer,
    client: ArmedClient,
    { accessToken, refreshToken }: TokenSecrets,
  ): Promise<Exclude<Revocation, 'nobody_to_tell'>> {
    const token = refreshToken ?? accessToken;
    const additionalParameters = new URLSearchParams({ token_type_hint: refreshToken === null ? 'access_token' : 'refresh_token' });
    const authentication = authenticationOf(client);
    exchange.last = null;
    try {
      await revocationRequest(server, clientOf(client.settings), authentication, token, { ...exchange.requestOptions, additionalParameters });
    } catch {
      // What happened is in the exchange; the library's own error may carry what was sent.
    }
    const read = answered(exchange.last);
    if (typeof read === 'string') return read;
    throw new TokenFailure(read);
  }
}

function answered(last: SendResult | null): ReturnType<typeof readRevocation> {
  if (last === null) return problemOfOurs('The revocation end point of the connection is no URL that may be used.', 'organization');
  if (last.kind === 'failed') return problemOfSilence(last.message, last.sent, 'revocation');
  return readRevocation(revocationAnswerOf(last));
}

function revocationAnswerOf(last: Extract<SendResult, { kind: 'answered' }>): RevocationAnswer {
  const { status, object, error, retryAfterMs } = answerOf(last);
  const isPage = last.body.toString().trimStart().startsWith('<');
  return { status, error, isOdd: isPage || (error === null && Boolean(object?.['error'])), retryAfterMs };
}
