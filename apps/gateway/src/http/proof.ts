import { ServiceError } from '@patchbay/contracts/errors';
import type { FastifyRequest } from 'fastify';
import { SESSION_COOKIE } from './cookies.ts';

/** What a request shows of who it comes from. `byCookie`: the browser added it, whichever page asked. */
export interface Proof {
  kind: 'apiKey' | 'token';
  value: string;
  byCookie: boolean;
}

export const SESSION_TOKEN = /^pbs_/;
/** Longer than any key or token; credentials takes no more. */
const MAX_LENGTH = { apiKey: 200, token: 8192 };

/** Throws `unauthenticated` where there is none. A header counts before the cookie: whoever sets one means it. */
export function proofOf(request: FastifyRequest): Proof {
  const { authorization } = request.headers;
  const session = request.cookies[SESSION_COOKIE];
  if (authorization === undefined && session) return { kind: 'token', value: session, byCookie: true };
  const [, value] = /^Bearer +(\S+)$/i.exec(authorization ?? '') ?? [];
  const kind = value?.startsWith('pbk_') ? 'apiKey' : 'token';
  if (value && value.length <= MAX_LENGTH[kind]) return { kind, value, byCookie: false };
  throw ServiceError.fields('unauthenticated', 'Sign in at /v1/sign-in, or show an API key: authorization: Bearer pbk_...', [
    { path: 'authorization', problem: authorization ? 'is not "Bearer <API key or token>"' : 'is missing' },
  ]);
}

/** The token of the sign-in that a request comes from; an API key and a token of the identity provider are none of ours to end. */
export function sessionTokenOf(request: FastifyRequest): string {
  const { value } = proofOf(request);
  if (SESSION_TOKEN.test(value)) return value;
  throw new ServiceError('failed_precondition', 'Nobody is signed in here: an API key is revoked, not signed out.');
}
