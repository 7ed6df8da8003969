import type { Connection } from '@patchbay/contracts/connections';

/** Why there is no new token, in words that hold nothing a provider wrote freely. */
export interface TokenProblem {
  text: string;
  fault: NonNullable<Connection['reason']>['fault'];
  /** Only a person can mend it, by connecting the account again. */
  terminal: boolean;
  /** As the provider asked for. */
  retryAfterMs: number | null;
  /** The provider may have carried the request out although we have no answer. */
  unsure: boolean;
}

/** Which of a provider's end points it is about. */
export type EndPoint = 'token' | 'revocation';

/** RFC 6749 5.2, RFC 7009 2.2.1, RFC 8707 and what is often seen beside them; any other word of a provider is not repeated, it could be anything. */
const KNOWN_ERRORS: readonly string[] = [
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
  'invalid_target',
  'unsupported_token_type',
  'access_denied',
  'server_error',
  'temporarily_unavailable',
  'slow_down',
  'interaction_required',
  'login_required',
  'consent_required',
  'bad_refresh_token',
  'bad_verification_code',
  'incorrect_client_credentials',
  'token_expired',
];
/** Nothing of ours may be wrong when a provider says one of these. */
const PROVIDER_ERRORS: readonly string[] = ['server_error', 'temporarily_unavailable', 'slow_down'];

/** What a provider's own error code is called in our words. */
export function errorWord(error: string): string {
  return KNOWN_ERRORS.includes(error) ? error : 'an error of its own';
}

export interface ErrorAnswer {
  status: number;
  /** `error` of the body, whatever the status. */
  error: string;
  retryAfterMs: number | null;
}

/** The provider answered with an error. Only `invalid_grant` ends it, and only when the status does not say the opposite. */
export function problemOfError({ status, error, retryAfterMs }: ErrorAnswer, endPoint: EndPoint = 'token'): TokenProblem {
  const text = `The ${endPoint} end point answered ${status} with ${errorWord(error)}.`;
  const terminal = error === 'invalid_grant' && status >= 400 && status < 500;
  const isProviders = status >= 500 || status === 429 || PROVIDER_ERRORS.includes(error);
  return { text, terminal, fault: isProviders ? 'provider' : 'organization', retryAfterMs, unsure: status >= 500 };
}

/** An answer that is not of the protocol: a page, half of a JSON, a redirect, a 503 of a load balancer. */
export function problemOfOddAnswer(status: number, retryAfterMs: number | null, endPoint: EndPoint = 'token'): TokenProblem {
  const text = `The ${endPoint} end point answered ${status} with something that is no answer of OAuth.`;
  return { text, terminal: false, fault: 'provider', retryAfterMs, unsure: true };
}

/** No answer at all; `reason` is the sender's, which holds nothing secret. */
export function problemOfSilence(reason: string, sent: boolean, endPoint: EndPoint = 'token'): TokenProblem {
  return { text: `The ${endPoint} end point could not be asked: ${reason}.`, terminal: false, fault: 'provider', retryAfterMs: null, unsure: sent };
}

/** Something on our side, or in the settings of the connection. */
export function problemOfOurs(text: string, fault: 'organization' | 'platform'): TokenProblem {
  return { text, terminal: false, fault, retryAfterMs: null, unsure: false };
}
