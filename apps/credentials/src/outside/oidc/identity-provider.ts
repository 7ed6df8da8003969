import { ServiceError } from '@patchbay/contracts/errors';
import * as oauth from 'oauth4webapi';
import { normalizedEmail } from '../../domain/people.ts';
import type { Identity } from '../person.repository.ts';
import type { SignInProof } from '../sign-in-proof.ts';
import { CLOCK_TOLERANCE_SECONDS, unreachable, type Issuer } from './issuer.ts';
import type { OidcSettings } from './oidc-env.ts';
import { problemOfClaim, tokenRefused } from './token-problem.ts';

/** Somebody whom the identity provider vouches for. */
export interface SignedIn extends Identity {
  /** Null unless the provider says that it is verified. */
  email: string | null;
  name: string | null;
}

/** The one that people sign in with, or null. */
export const IDENTITY_PROVIDER = Symbol('identity provider');

/** Signs people in by the authorization code flow with PKCE and a nonce. */
export class IdentityProvider {
  readonly #client: oauth.Client;
  readonly #settings: OidcSettings;
  readonly issuer: Issuer;

  constructor(settings: OidcSettings, issuer: Issuer) {
    this.#settings = settings;
    this.issuer = issuer;
    this.#client = { client_id: settings.clientId, [oauth.clockTolerance]: CLOCK_TOLERANCE_SECONDS };
  }

  /** Whom a bearer token (JWT) of the issuer speaks for. */
  async bearer(token: string): Promise<Identity> {
    const { audience } = this.#settings;
    if (!audience) throw new ServiceError('unauthenticated', 'Tokens of the identity provider are not accepted here: CREDENTIALS_OIDC_AUDIENCE is not set.');
    const { iss, sub } = await this.issuer.verify(token, { audience, requiredClaims: ['iss', 'sub', 'exp'] });
    return { issuer: iss!, subject: sub! };
  }

  /** Where to send the browser. */
  async authorizationUrl(state: string, { verifier, nonce }: SignInProof): Promise<string> {
    const { authorization_endpoint: endpoint } = await this.issuer.metadata();
    if (!endpoint) throw unreachable(new Error('its metadata has no authorization_endpoint'));
    const url = new URL(endpoint);
    const asked = {
      client_id: this.#settings.clientId,
      redirect_uri: this.#settings.redirectUri,
      response_type: 'code',
      scope: 'openid email profile',
      state,
      nonce,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    };
    for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value);
    return url.href;
  }

  /** Trades what came back for who it is. Rejects with `unauthenticated` when anything of it does not belong to this sign-in. */
  async signedIn(query: Record<string, string>, state: string, proof: SignInProof): Promise<SignedIn> {
    const server = await this.issuer.metadata();
    const exchange = this.issuer.exchange();
    try {
      const answer = oauth.validateAuthResponse(server, this.#client, new URLSearchParams(query), state);
      const { redirectUri } = this.#settings;
      const response = await oauth.authorizationCodeGrantRequest(
        server,
        this.#client,
        this.#clientAuthentication(server),
        answer,
        redirectUri,
        proof.verifier,
        exchange.requestOptions,
      );
      const tokens = await oauth.processAuthorizationCodeResponse(server, this.#client, response, { expectedNonce: proof.nonce, requireIdToken: true });
      const { sub } = oauth.getValidatedIdTokenClaims(tokens)!;
      const signed = await this.issuer.verify(tokens.id_token!, { audience: this.#settings.clientId, requiredClaims: ['sub', 'exp', 'nonce'] });
      const claims = 'email' in signed || !server.userinfo_endpoint ? signed : await this.#userInfo(server, tokens.access_token, sub, exchange.requestOptions);
      return { issuer: server.issuer, subject: sub, email: verifiedEmail(claims), name: shortText(claims['name']) };
    } catch (error) {
      throw refusal(error, exchange.last?.kind === 'failed');
    }
  }

  async #userInfo(server: oauth.AuthorizationServer, accessToken: string, subject: string, options: oauth.UserInfoRequestOptions) {
    const response = await oauth.userInfoRequest(server, this.#client, accessToken, options);
    return oauth.processUserInfoResponse(server, this.#client, subject, response);
  }

  #clientAuthentication({ token_endpoint_auth_methods_supported: methods }: oauth.AuthorizationServer): oauth.ClientAuth {
    const secret = this.#settings.clientSecret?.reveal();
    if (!secret) return oauth.None();
    return methods && !methods.includes('client_secret_basic') ? oauth.ClientSecretPost(secret) : oauth.ClientSecretBasic(secret);
  }
}

/** Rejects with `failed_precondition`, which says what to set. */
export function requireIdentityProvider(provider: IdentityProvider | null): IdentityProvider {
  if (provider) return provider;
  throw new ServiceError(
    'failed_precondition',
    'Nobody can sign in here: set CREDENTIALS_OIDC_ISSUER, CREDENTIALS_OIDC_CLIENT_ID, CREDENTIALS_OIDC_CLIENT_SECRET and CREDENTIALS_PUBLIC_URL, or use an API key.',
  );
}

/** Only `true` itself: some providers send the word for addresses that nobody checked. */
function verifiedEmail({ email, email_verified }: Record<string, unknown>): string | null {
  return email_verified === true && typeof email === 'string' ? normalizedEmail(email) : null;
}

function shortText(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value.slice(0, 200) : null;
}

function refusal(error: unknown, unanswered: boolean): ServiceError {
  if (error instanceof ServiceError) return error;
  if (unanswered) return unreachable(error);
  if (error instanceof oauth.AuthorizationResponseError) return refusedBy('sign-in', error.error);
  if (error instanceof oauth.ResponseBodyError) return refusedBy('code', error.error);
  if (!(error instanceof oauth.OperationProcessingError)) return unreachable(error);
  const { claim } = (error.cause ?? {}) as { claim?: string };
  if (error.code === oauth.JWT_TIMESTAMP_CHECK || error.code === oauth.JWT_CLAIM_COMPARISON) return tokenRefused(problemOfClaim(claim));
  if (error.code === oauth.INVALID_RESPONSE) return new ServiceError('unauthenticated', 'The answer of the identity provider does not belong to this sign-in; sign in again.');
  return unreachable(error);
}

/** The word is from the provider, or from whoever made the link: only what can be an error code of OAuth is repeated. */
function refusedBy(what: string, word: string): ServiceError {
  const code = /^[a-z_]{1,50}$/.test(word) ? word : 'error';
  return new ServiceError('unauthenticated', `The identity provider refused the ${what} (${code}); sign in again.`, { details: { problem: code } });
}
