import { ServiceError } from '@patchbay/contracts/errors';
import type { OAuthSettings } from '@patchbay/contracts/connection-kinds';

/** A person signs in and agrees within this time; RFC 6749 4.1.2 wants the code itself to live no longer than ten minutes either. */
export const AUTHORIZATION_LIFE_MS = 10 * 60_000;

/** One attempt to connect an account, from the redirect to the call-back. */
export interface Authorization {
  organizationId: string;
  connectionId: string;
  /** Number of the row that keeps its PKCE verifier. */
  number: number;
  /** Who the answer must come from; null where the connection names end points and no issuer. */
  issuer: string | null;
  /** What the provider was asked for. */
  scopes: string[];
  /** RFC 8707: whom the tokens are for. */
  resource: string | null;
  returnTo: string;
  /** SHA-256 of the mark of the browser that began; null when it was not begun in one. */
  bindingHash: Buffer | null;
  expiresAt: Date;
  usedAt: Date | null;
}

/** Throws `unauthenticated`: a state works once, and for ten minutes. */
export function requireUsable(authorization: Authorization | null, now: Date): Authorization {
  if (!authorization) throw refusedState('was not begun here');
  if (authorization.usedAt) throw refusedState('was used already');
  if (authorization.expiresAt <= now) throw refusedState('took longer than ten minutes');
  return authorization;
}

/** Throws `unauthenticated`: the browser that comes back is the one that began, or somebody of the organization is signed in there. */
export function requireSameBrowser({ bindingHash, organizationId }: Authorization, cameBack: { bindingHash: Buffer | null; signedInTo: string | undefined }): void {
  if (!bindingHash || cameBack.signedInTo === organizationId) return;
  if (cameBack.bindingHash?.equals(bindingHash)) return;
  throw refusedState('was begun in another browser; sign in to the organization here, or finish it there');
}

function refusedState(why: string): ServiceError {
  return new ServiceError('unauthenticated', `This sign-in at the provider ${why}; start to connect the account again.`);
}

/** What the protocol sets; a setting of the same name could send the answer elsewhere or take the proof away. */
const OURS = [
  'response_type',
  'response_mode',
  'client_id',
  'client_secret',
  'redirect_uri',
  'state',
  'scope',
  'code_challenge',
  'code_challenge_method',
  'resource',
  'request',
  'request_uri',
];

export interface AuthorizationRequest {
  endPoint: string;
  settings: OAuthSettings;
  redirectUri: string;
  state: string;
  codeChallenge: string;
  resource: string | null;
}

/** Where the browser is sent (RFC 6749 4.1.1, PKCE by RFC 7636 with S256, RFC 8707). */
export function authorizationUrl({ endPoint, settings, redirectUri, state, codeChallenge, resource }: AuthorizationRequest): string {
  const url = new URL(endPoint);
  for (const name of OURS) url.searchParams.delete(name);
  const extra = { ...(settings.audience && { audience: settings.audience }), ...settings.authorizationParameters };
  for (const [name, value] of Object.entries(extra)) {
    if (OURS.includes(name))
      throw new ServiceError('failed_precondition', `The authorization parameter ${name} is set by the protocol; take it out of the settings.`);
    url.searchParams.set(name, value);
  }
  const { scopes, clientId } = settings;
  url.searchParams.set('response_type', 'code');
  url.searchParams.set('client_id', clientId);
  url.searchParams.set('redirect_uri', redirectUri);
  url.searchParams.set('state', state);
  url.searchParams.set('code_challenge', codeChallenge);
  url.searchParams.set('code_challenge_method', 'S256');
  if (scopes.length > 0) url.searchParams.set('scope', scopes.join(' '));
  if (resource) url.searchParams.set('resource', resource);
  return url.href;
}
