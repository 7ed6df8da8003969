import { ServiceError } from '@patchbay/contracts/errors';
import { createRemoteJWKSet, customFetch as keyFetch, jwtVerify, type JWTPayload, type JWTVerifyGetKey, type JWTVerifyOptions } from 'jose';
import { customFetch, discoveryRequest, processDiscoveryResponse, type AuthorizationServer } from 'oauth4webapi';
import { OAuthExchange } from '../oauth/oauth-exchange.ts';
import type { OutgoingHttp } from '../outgoing-http.ts';
import { tokenProblem, tokenRefused } from './token-problem.ts';

/** Issuers move their end points about once in years; an hour keeps a moved one from locking people out for long. */
const METADATA_MAX_AGE_MS = 3_600_000;
/** A token with an unknown key makes us look once a minute, so that made-up keys cannot make us ask the issuer at will. */
const KEYS_COOLDOWN_MS = 60_000;
/** Clocks of two well-kept machines differ by less. */
export const CLOCK_TOLERANCE_SECONDS = 60;
/** Public keys only: a secret that both sides know, or no signature at all, proves nothing about the issuer. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'];

/** The identity provider: what it says of itself, and whether a token is its own. */
export class Issuer {
  #metadata: { read: Promise<AuthorizationServer>; until: number } | null = null;
  #keys: { url: string; find: JWTVerifyGetKey } | null = null;

  constructor(
    readonly name: string,
    private readonly http: OutgoingHttp,
  ) {}

  /** Whether it goes by this name; a slash at the end of a host makes no difference. */
  isNamed(name: string): boolean {
    return URL.parse(name)?.href === new URL(this.name).href;
  }

  exchange(): OAuthExchange {
    return new OAuthExchange(this.http, 'sign-in');
  }

  /** Read once an hour. Rejects with `unavailable` when it cannot be read, or is another issuer's. */
  async metadata(): Promise<AuthorizationServer> {
    if (!this.#metadata || this.#metadata.until <= Date.now()) {
      const read = this.#discover();
      this.#metadata = { read, until: Date.now() + METADATA_MAX_AGE_MS };
      read.catch(() => {
        this.#metadata = null; // Whoever waits for it is told why; whoever comes next asks again.
      });
    }
    return this.#metadata.read;
  }

  /** The claims of a token that the issuer signed for the audience; rejects with `unauthenticated`, which says what is wrong with it. */
  async verify(token: string, options: { audience: string; requiredClaims: string[] }): Promise<JWTPayload> {
    const { issuer } = await this.metadata();
    const find = await this.#findKey();
    const expected: JWTVerifyOptions = { ...options, issuer, algorithms: ALGORITHMS, clockTolerance: CLOCK_TOLERANCE_SECONDS };
    try {
      return (await jwtVerify(token, find, expected)).payload;
    } catch (error) {
      const problem = tokenProblem(error);
      throw problem ? tokenRefused(problem) : unreachable(error);
    }
  }

  async #discover(): Promise<AuthorizationServer> {
    const url = new URL(this.name);
    try {
      const response = await discoveryRequest(url, { ...this.exchange().requestOptions, algorithm: 'oidc' });
      return await processDiscoveryResponse(url, response);
    } catch (error) {
      throw unreachable(error);
    }
  }

  async #findKey(): Promise<JWTVerifyGetKey> {
    const { jwks_uri: url } = await this.metadata();
    if (!url) throw new ServiceError('unavailable', 'The identity provider does not publish its keys.');
    if (this.#keys?.url === url) return this.#keys.find;
    const find = createRemoteJWKSet(new URL(url), {
      cooldownDuration: KEYS_COOLDOWN_MS,
      [keyFetch]: (address, { headers, signal }) =>
        this.exchange().requestOptions[customFetch](address, { method: 'GET', headers: Object.fromEntries(headers), body: undefined, redirect: 'manual', signal }),
    });
    this.#keys = { url, find };
    return find;
  }
}

/** Of the cause only its words: the library keeps codes and tokens in it. */
export function unreachable(error: unknown): ServiceError {
  const cause = new Error(error instanceof Error ? error.message : 'unknown');
  return new ServiceError('unavailable', 'The identity provider cannot be reached, or does not answer as one; try again.', { cause });
}
