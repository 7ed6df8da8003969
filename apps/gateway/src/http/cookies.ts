import { Injectable } from '@nestjs/common';
import { ServiceError } from '@patchbay/contracts/errors';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { randomBytes } from 'node:crypto';

export const SESSION_COOKIE = 'patchbay_session';
const SIGN_IN_COOKIE = 'patchbay_sign_in';

/** Only the routes that begin and finish a sign-in see it. */
const SIGN_IN_PATH = '/v1/sign-in';
const AUTHORIZATION_COOKIE = 'patchbay_authorization';
/** Begun below /v1/connections, finished below /v1/authorizations. */
const AUTHORIZATION_PATH = '/v1';
/** As long as the identity provider's answer may take. */
const SIGN_IN_SECONDS = 600;
/** 256 bits, so that nobody guesses which sign-in a browser has begun. */
const BINDING_BYTES = 32;

/** What tells one browser from another. */
export function newMark(): string {
  return randomBytes(BINDING_BYTES).toString('base64url');
}

/** What the gateway keeps in a browser: out of reach of scripts, and not sent along by other sites except when they link here. */
@Injectable()
export class Cookies {
  readonly #options: { httpOnly: true; sameSite: 'lax'; secure: boolean | 'auto' };

  /** `publicUrl`: where browsers reach us; unknown, a cookie is marked secure when its request came by https. */
  constructor(publicUrl: string | undefined) {
    const secure = publicUrl ? new URL(publicUrl).protocol === 'https:' : 'auto';
    this.#options = { httpOnly: true, sameSite: 'lax', secure };
  }

  /** Marks the browser that begins a sign-in. */
  bindSignIn(reply: FastifyReply, mark: string): void {
    void reply.setCookie(SIGN_IN_COOKIE, mark, { ...this.#options, path: SIGN_IN_PATH, maxAge: SIGN_IN_SECONDS });
  }

  /** The mark of the browser that comes back, which is good for one sign-in. */
  takeSignIn(request: FastifyRequest, reply: FastifyReply): string {
    void reply.clearCookie(SIGN_IN_COOKIE, { ...this.#options, path: SIGN_IN_PATH });
    const binding = request.cookies[SIGN_IN_COOKIE];
    if (binding) return binding;
    throw new ServiceError('unauthenticated', 'This browser has begun no sign-in, or it took longer than 10 minutes; begin again.');
  }

  /** Marks the browser in which somebody begins to connect an account. Several may be under way in one browser: it keeps its mark. */
  bindAuthorization(request: FastifyRequest, reply: FastifyReply): string {
    const binding = request.cookies[AUTHORIZATION_COOKIE] ?? newMark();
    void reply.setCookie(AUTHORIZATION_COOKIE, binding, { ...this.#options, path: AUTHORIZATION_PATH, maxAge: SIGN_IN_SECONDS });
    return binding;
  }

  /** The mark of the browser that comes back; undefined where nothing was begun lately. */
  authorizationBinding(request: FastifyRequest): string | undefined {
    return request.cookies[AUTHORIZATION_COOKIE];
  }

  keepSession(reply: FastifyReply, session: { token: string; expiresAt: string }): void {
    void reply.setCookie(SESSION_COOKIE, session.token, {
      ...this.#options,
      path: '/',
      expires: new Date(session.expiresAt),
    });
  }

  forgetSession(reply: FastifyReply): void {
    void reply.clearCookie(SESSION_COOKIE, { ...this.#options, path: '/' });
  }
}
