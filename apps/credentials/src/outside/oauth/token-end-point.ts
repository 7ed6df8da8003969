import { Injectable } from '@nestjs/common';
import { SecretValue, type OAuthSettings } from '@patchbay/contracts/connection-kinds';
import {
  authorizationCodeGrantRequest,
  clientCredentialsGrantRequest,
  processGenericTokenEndpointResponse,
  refreshTokenGrantRequest,
  type AuthorizationServer,
  type ClientAuth,
  type TokenEndpointResponse,
} from 'oauth4webapi';
import { grantedScopes } from '../../domain/oauth/granted-scopes.ts';
import { problemOfError, problemOfOddAnswer, problemOfOurs, problemOfSilence, type TokenProblem } from '../../domain/oauth/token-problem.ts';
import { authenticationOf, clientOf } from './client-authentication.ts';
import { answerOf, parseObject } from './oauth-answer.ts';
import type { OAuthExchange } from './oauth-exchange.ts';
import { TokenFailure } from './token-failure.ts';

export interface ObtainedTokens {
  accessToken: string;
  /** Null: the answer had none, which after a refresh means that the old one is still good. */
  refreshToken: string | null;
  /** Null: nobody said. */
  scopes: string[] | null;
  obtainedAt: Date;
  /** Null: nobody said, which is not "never". */
  expiresAt: Date | null;
}

export interface TokenRequest {
  exchange: OAuthExchange;
  server: AuthorizationServer;
  settings: OAuthSettings;
  clientSecret: string | null;
  resource: string | null;
  /** What an answer without `scope` grants. */
  scopes: string[];
}

/** Longer than any life of a token that makes sense: ten years. What is longer was not meant in seconds. */
const MAX_LIFE_S = 315_360_000;

/** Asks for tokens, by oauth4webapi. Rejects with `TokenFailure`, which says what the provider made of it. */
@Injectable()
export class TokenEndPoint {
  /** `answer` is what `validateAuthResponse` let through. */
  exchangeCode(request: TokenRequest, answer: URLSearchParams, redirectUri: string, verifier: string): Promise<ObtainedTokens> {
    return obtain(request, ({ server, settings }, auth, options) =>
      authorizationCodeGrantRequest(server, clientOf(settings), auth, answer, redirectUri, verifier, options),
    );
  }

  refresh(request: TokenRequest, refreshToken: string): Promise<ObtainedTokens> {
    return obtain(request, ({ server, settings }, auth, options) =>
      refreshTokenGrantRequest(server, clientOf(settings), auth, refreshToken, options),
    );
  }

  byClientCredentials(request: TokenRequest): Promise<ObtainedTokens> {
    return obtain(request, ({ server, settings }, auth, { additionalParameters, ...options }) => {
      if (settings.scopes.length > 0) additionalParameters.set('scope', settings.scopes.join(' '));
      if (settings.audience) additionalParameters.set('audience', settings.audience);
      return clientCredentialsGrantRequest(server, clientOf(settings), auth, additionalParameters, options);
    });
  }
}

type Ask = (
  request: TokenRequest,
  auth: ClientAuth,
  options: OAuthExchange['requestOptions'] & { additionalParameters: URLSearchParams },
) => Promise<Response>;

async function obtain(request: TokenRequest, ask: Ask): Promise<ObtainedTokens> {
  const { exchange, server, settings, resource, scopes } = request;
  const auth = authenticationOf(request);
  // Taken before the request: what its way took is part of the token's life.
  const obtainedAt = new Date();
  const additionalParameters = new URLSearchParams(resource ? { resource } : {});
  exchange.last = null;
  try {
    const response = await ask(request, auth, { ...exchange.requestOptions, additionalParameters });
    const answer = await processGenericTokenEndpointResponse(server, clientOf(settings), await readable(response));
    return tokensOf(answer, obtainedAt, scopes);
  } catch {
    // The library's error carries the answer as its cause, and an answer can carry tokens: only what is read from it here goes on.
    throw new TokenFailure(problemOf(exchange));
  }
}

/**
 * The answer in the words of the protocol. A lenient reading: what it carries may be the only tokens that are still good, and refusing them for
 * a `null` would lose them. An id token says who signed in, which nobody asks here, and needs an issuer that not every connection names.
 */
async function readable(response: Response): Promise<Response> {
  const { status } = response;
  const body = parseObject(await response.clone().text());
  if (status !== 200 || !body) return response;
  const { id_token: _idToken, expires_in: life, scope, token_type: type, ...rest } = body;
  return Response.json(
    {
      ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== null && value !== '')),
      token_type: type ?? 'Bearer',
      expires_in: Number.parseFloat(String(life)) > 0 ? life : undefined,
      scope: Array.isArray(scope) ? scope.join(' ') : (scope ?? undefined),
    },
    { status },
  );
}

function tokensOf(answer: TokenEndpointResponse, obtainedAt: Date, requested: string[]): ObtainedTokens {
  const life = answer.expires_in;
  return {
    accessToken: SecretValue.parse(answer.access_token),
    refreshToken: answer.refresh_token ?? null,
    scopes: grantedScopes(answer.scope, requested),
    obtainedAt,
    expiresAt: life === undefined || life > MAX_LIFE_S ? null : new Date(obtainedAt.getTime() + life * 1_000),
  };
}

function problemOf({ last }: OAuthExchange): TokenProblem {
  if (last === null) return problemOfOurs('The token end point of the connection is no URL that may be used.', 'organization');
  if (last.kind === 'failed') return problemOfSilence(last.message, last.sent);
  const { status, error, retryAfterMs } = answerOf(last);
  return error === null ? problemOfOddAnswer(status, retryAfterMs) : problemOfError({ status, error, retryAfterMs });
}
