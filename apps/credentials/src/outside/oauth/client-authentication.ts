import type { OAuthSettings } from '@patchbay/contracts/connection-kinds';
import { ClientSecretPost, None, type ClientAuth } from 'oauth4webapi';
import { problemOfOurs } from '../../domain/oauth/token-problem.ts';
import { TokenFailure } from './token-failure.ts';

/** How the library names a client. */
export function clientOf({ clientId }: OAuthSettings) {
  return { client_id: clientId };
}

/** How a client shows its secret. Throws `TokenFailure` when it has none to show. */
export function authenticationOf({ settings, clientSecret }: { settings: OAuthSettings; clientSecret: string | null }): ClientAuth {
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
