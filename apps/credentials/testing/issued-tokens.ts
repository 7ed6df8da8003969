import { issueToken } from '@patchbay/testing/known-secrets';

/** Refresh tokens that came from one another, the newest last; none where only access tokens are given. */
export type Family = string[];

/** What an authorization server has given out. */
export class IssuedTokens {
  /** `none`: a refresh token lives for ever. `grace`: each refresh gives the next one, and the last one still works. `strict`: it does not. */
  rotation: 'none' | 'grace' | 'strict' = 'none';
  /** Seconds; undefined: it is not said. */
  expiresIn: number | undefined = 3_600;
  /** Undefined: it is not said. */
  grants: string | undefined;
  readonly #families: Family[] = [];
  readonly #accessTokens = new Map<string, Family | undefined>();

  /** The answer of the token end point to a code, with a refresh token or without. */
  begin(givesRefreshToken: boolean): object {
    if (!givesRefreshToken) return this.alone();
    const family: Family = [];
    this.#families.push(family);
    return this.#next(family, false);
  }

  /** An access token, and nothing to renew it with. */
  alone(): object {
    return this.#answer(undefined, undefined);
  }

  /** The next ones of the family; null for a refresh token that is worth nothing. */
  renew(refreshToken: string): object | null {
    const family = this.#families.find((tokens) => tokens.includes(refreshToken));
    const age = family ? family.length - 1 - family.indexOf(refreshToken) : Infinity;
    if (!family || age > (this.rotation === 'grace' ? 1 : 0)) return null;
    // Within the grace the same successor is given again.
    return this.#next(family, this.rotation === 'none' || age === 1);
  }

  knows(accessToken: string): boolean {
    return this.#accessTokens.has(accessToken);
  }

  /** With a refresh token goes all that came of it (RFC 7009, 2.1). */
  revoke(token: string): void {
    this.#accessTokens.delete(token);
    const family = this.#families.find((tokens) => tokens.includes(token));
    if (!family) return;
    this.#families.splice(this.#families.indexOf(family), 1);
    for (const [accessToken, itsFamily] of this.#accessTokens) if (itsFamily === family) this.#accessTokens.delete(accessToken);
  }

  /** Every refresh token is worth nothing now. */
  forgetRefreshTokens(): void {
    this.#families.splice(0);
  }

  /** The newest refresh token of the family, or one more of them. */
  #next(family: Family, keepsLast: boolean): object {
    if (!keepsLast) family.push(issueToken('OAuth refresh token', 'rt_'));
    const isUnchanged = keepsLast && this.rotation === 'none';
    return this.#answer(family, isUnchanged ? undefined : family.at(-1));
  }

  #answer(family: Family | undefined, refreshToken: string | undefined): object {
    const accessToken = issueToken('OAuth access token', 'at_');
    this.#accessTokens.set(accessToken, family);
    return { access_token: accessToken, token_type: 'Bearer', expires_in: this.expiresIn, scope: this.grants, refresh_token: refreshToken };
  }
}
