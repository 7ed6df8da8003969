import { Injectable } from '@nestjs/common';
import { SecretValue, type OAuthSettings } from '@patchbay/contracts/connection-kinds';
import {
  authorizationCodeGrantRequest,
  ClientSecretPost,
  clientCredentialsGrantRequest,
  None,
  processGenericTokenEndpointResponse,
  refreshTokenGrantRequest,
  type AuthorizationServer,
  type ClientAuth,
  type TokenEndpointResponse,
} from 'oauth4webapi';
import { grantedScopes } from '../../domain/oauth/granted-scopes.ts';
import { problemOfError, problemOfOddAnswer, problemOfOurs, problemOfSilence, type TokenProblem } from '../../domain/oauth/token-problem.ts';
import { headerOf, type OAuthExchange } from './oauth-exchange.ts';
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

function clientOf({ clientId }: OAuthSettings) {
  return { client_id: clientId };
}

function authenticationOf({ settings, clientSecret }: TokenRequest): ClientAuth {
  if (settings.clientAuthentication === 'none') return None();
  if (clientSecret === null)
    throw new TokenFailure(problemOfOurs('The connection has no client secret; store one, or make its client a public one.', 'organization'));
  return settings.clientAuthentication === 'post' ? ClientSecretPost(clientSecret) : basic(clientSecret);
}

/** RFC 6749, 2.3.1. The library's own also encodes `-` and `_`, which need not be and which providers trip over that do not decode. */
function basic(clientSecret: string): ClientAuth {
  return (_server, { client_id }, _body, headers) => {
    const credentials = `${formEncoded(client_id)}:${formEncoded(clientSecret)}`;
    headers.set('authorization', `Basic ${Buffer.from(credentials).toString('base64')}`);
  };
}

function formEncoded(text: string): string {
  return new URLSearchParams({ '': text }).toString().slice(1);
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
  const retryAfterMs = retryAfter(headerOf(last.headers, 'retry-after'));
  const error = parseObject(last.body.toString())?.['error'];
  if (typeof error === 'string') return problemOfError({ status: last.status, error, retryAfterMs });
  return problemOfOddAnswer(last.status, retryAfterMs);
}

/** Seconds or a date (RFC 9110, 10.2.3). */
function retryAfter(value: string | undefined): number | null {
  if (!value) return null;
  const ms = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - Date.now();
  return Number.isFinite(ms) && ms > 0 ? ms : null;
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
  } catch {
    return null; // A page, or half of an answer: not JSON is all there is to know.
  }
}
