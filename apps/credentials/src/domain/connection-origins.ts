import { leadsFurther, maySendTo, originOf } from '@patchbay/contracts/connection-origins';
import { ServiceError, type FieldProblem } from '@patchbay/contracts/errors';
import type { StoredConnection } from './connection.ts';
import { oauthClientOf } from './oauth/oauth-client.ts';

type Bound = Pick<StoredConnection, 'kind' | 'check' | 'origins'>;

/** Where a secret may be sent when nobody says it: to what it is tried out with, and to its MCP server. */
export function usualOrigins({ settings, check }: Pick<StoredConnection, 'settings' | 'check'>): string[] {
  const urls = [settings.mcp?.url, check?.url];
  return [...new Set(urls.flatMap((url) => (url === undefined ? [] : (originOf(url) ?? []))))];
}

export function originsProblems({ kind, check, origins }: Bound): FieldProblem[] {
  const inTheOpen = origins.flatMap((origin, at) => {
    const isSafe = kind !== 'basic' || origin.startsWith('https:');
    return isSafe ? [] : [{ path: `origins.${at}`, problem: 'must be https: a user name and password are sent over https only' }];
  });
  if (!check || isWithin(origins, check.url)) return inTheOpen;
  return [...inTheOpen, { path: 'check.url', problem: `leads to ${originOf(check.url)}, which is not among the origins of the connection` }];
}

export function isWithin(origins: readonly string[], url: string): boolean {
  return maySendTo(origins, originOf(url) ?? '');
}

/** Throws `failed_precondition` when what is stored would go where it was not given for. */
export function requireSecretAgain(before: StoredConnection, after: StoredConnection): void {
  const isOutside = after.check !== null && !isWithin(before.origins, after.check.url);
  if (!isOutside && !leadsFurther(before.origins, after.origins)) return;
  throw new ServiceError('failed_precondition', `The secret of this connection was given for ${before.origins.join(', ')} only. ${wayOut(before)}`);
}

/** Throws `failed_precondition` when tokens that the client got by the secret before would go further than they were given for. */
export function requireTokensAnew(before: StoredConnection, after: StoredConnection, hasNewTokens: boolean): void {
  if (before.kind !== 'oauth2_client_credentials' || hasNewTokens || !leadsFurther(before.origins, after.origins)) return;
  throw new ServiceError('failed_precondition', 'The next secret got no token, and the token in use is not for these origins; nothing was changed.');
}

function wayOut(connection: StoredConnection): string {
  if (oauthClientOf(connection)?.grant === 'authorization_code') return 'Revoke the access, change the origins, and connect the account again.';
  return 'Give the secret again: rotate it, and say there which origins it is for.';
}
