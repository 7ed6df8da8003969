import type { Connection } from '@patchbay/contracts/connections';
import type { OAuthSettings } from '@patchbay/contracts/connection-kinds';
import { ServiceError } from '@patchbay/contracts/errors';
import { requireNotDeleted } from '../connection-lifecycle.ts';

/** How a connection gets its tokens. */
export interface OAuthClient {
  grant: 'authorization_code' | 'client_credentials';
  settings: OAuthSettings;
  /** Of an MCP server, which says itself who issues its tokens (RFC 9728). */
  mcpUrl: string | null;
}

/** Null for a connection that has nothing to do with OAuth. */
export function oauthClientOf({ kind, settings }: Pick<Connection, 'kind' | 'settings'>): OAuthClient | null {
  const { oauth, mcp } = settings;
  if (!oauth) return null;
  if (kind === 'oauth2_client_credentials') return { grant: 'client_credentials', settings: oauth, mcpUrl: null };
  if (kind === 'oauth2_authorization_code') return { grant: 'authorization_code', settings: oauth, mcpUrl: null };
  if (kind === 'mcp' && mcp?.authentication === 'oauth') return { grant: 'authorization_code', settings: oauth, mcpUrl: mcp.url };
  return null;
}

export function requireOAuthClient(connection: Pick<Connection, 'kind' | 'settings'>): OAuthClient {
  const client = oauthClientOf(connection);
  if (!client) throw new ServiceError('failed_precondition', 'This connection does not use OAuth.');
  return client;
}

/** One that a person must agree to. */
export function requireAuthorizable(connection: Pick<Connection, 'kind' | 'settings' | 'lifecycle'>): OAuthClient {
  requireNotDeleted(connection);
  const client = requireOAuthClient(connection);
  if (client.grant === 'authorization_code') return client;
  throw new ServiceError('failed_precondition', 'This connection gets its tokens by itself; there is nothing to sign in to.');
}
