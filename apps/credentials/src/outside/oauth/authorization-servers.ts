import { Injectable } from '@nestjs/common';
import {
  discoveryRequest,
  JSON_ATTRIBUTE_COMPARISON,
  processDiscoveryResponse,
  processResourceDiscoveryResponse,
  resourceDiscoveryRequest,
  type AuthorizationServer,
  type ResourceServer,
} from 'oauth4webapi';
import type { OAuthClient } from '../../domain/oauth/oauth-client.ts';
import { problemOfOurs, problemOfSilence } from '../../domain/oauth/token-problem.ts';
import type { OAuthExchange } from './oauth-exchange.ts';
import { TokenFailure } from './token-failure.ts';

export interface FoundServer {
  metadata: AuthorizationServer;
  /** Null where the connection names end points and no issuer: then `iss` of an answer cannot be compared with anything. */
  issuer: string | null;
  /** Whom the tokens are for (RFC 8707). */
  resource: string | null;
}

/** Who issues the tokens of a connection, and at which end points: as its settings say, or by RFC 8414, for an MCP server by RFC 9728 before that. */
@Injectable()
export class AuthorizationServers {
  /** `issuer`: the one that issued what the connection has; nobody else is shown its tokens, whatever the MCP server says today. */
  async find(exchange: OAuthExchange, client: OAuthClient, issuer: string | null = null): Promise<FoundServer> {
    const { settings, mcpUrl } = client;
    const named = endPointsOf(client);
    if (named) return { metadata: named, issuer: settings.issuer ?? null, resource: settings.resource ?? mcpUrl };
    if (issuer === null && mcpUrl !== null) return this.#ofMcpServer(exchange, client, mcpUrl);
    const known = issuer ?? settings.issuer;
    if (!known) throw organizationsFault('The connection names neither an issuer nor the end points of its OAuth provider.');
    return { metadata: await this.#metadata(exchange, known), issuer: known, resource: settings.resource ?? mcpUrl };
  }

  /** Whom to tell that a grant has ended (RFC 7009); null where nobody is named. */
  async findForRevocation(exchange: OAuthExchange, client: OAuthClient, issuer: string | null): Promise<AuthorizationServer | null> {
    const { revocationUrl, issuer: named } = client.settings;
    // Asked for nothing else: what the issuer says of itself must not stand in the way.
    if (revocationUrl) return { issuer: named ?? revocationUrl, revocation_endpoint: revocationUrl };
    const { metadata } = await this.find(exchange, client, issuer);
    return metadata.revocation_endpoint ? metadata : null;
  }

  async #ofMcpServer(exchange: OAuthExchange, { settings }: OAuthClient, mcpUrl: string): Promise<FoundServer> {
    const { resource, authorization_servers: issuers = [] } = await this.#resource(exchange, new URL(mcpUrl));
    const issuer = settings.issuer ? issuers.find((candidate) => isSame(candidate, settings.issuer!)) : issuers[0];
    if (!issuer) throw organizationsFault(`The MCP server does not name ${settings.issuer ?? 'anyone'} as the issuer of its tokens.`);
    const metadata = await this.#metadata(exchange, issuer);
    if (!metadata.code_challenge_methods_supported)
      throw organizationsFault(`The issuer ${issuer} does not say that it knows PKCE, which MCP asks for.`);
    return { metadata, issuer: metadata.issuer, resource: settings.resource ?? resource };
  }

  /** At the path of the server, else at the root of its host. */
  async #resource(exchange: OAuthExchange, mcpUrl: URL): Promise<ResourceServer> {
    const root = new URL(mcpUrl.origin);
    for (const [asked, expected] of [
      [mcpUrl, mcpUrl],
      [root, mcpUrl],
      [root, root],
    ] as const) {
      const found = await attempt(exchange, async () =>
        processResourceDiscoveryResponse(expected, await resourceDiscoveryRequest(asked, exchange.requestOptions)),
      );
      if ('value' in found) return found.value;
    }
    throw organizationsFault(`The MCP server ${mcpUrl.href} does not say who issues its tokens (RFC 9728).`);
  }

  async #metadata(exchange: OAuthExchange, issuer: string): Promise<AuthorizationServer> {
    const identifier = new URL(issuer);
    for (const algorithm of ['oauth2', 'oidc'] as const) {
      const found = await attempt(exchange, async () =>
        processDiscoveryResponse(identifier, await discoveryRequest(identifier, { ...exchange.requestOptions, algorithm })),
      );
      if ('value' in found) return requirePkce(found.value);
      if (found.code === JSON_ATTRIBUTE_COMPARISON) throw organizationsFault(`The metadata of ${issuer} is another issuer's.`);
    }
    throw organizationsFault(`The issuer ${issuer} has no metadata that could be read (RFC 8414).`);
  }
}

/** Where a browser is sent; an issuer says it, so it could say anything. */
export function requireAuthorizationEndPoint({ metadata }: FoundServer, { allowHttp }: OAuthExchange): string {
  const url = URL.parse(metadata.authorization_endpoint ?? '');
  if (url?.protocol === 'https:' || (allowHttp && url?.protocol === 'http:')) return url.href;
  throw organizationsFault(`The issuer ${metadata.issuer} has no authorization end point that a browser may be sent to.`);
}

/** What the library makes of an answer, or the code of its error; rejects when there was no answer at all. */
async function attempt<T>(exchange: OAuthExchange, work: () => Promise<T>): Promise<{ value: T } | { code: unknown }> {
  try {
    return { value: await work() };
  } catch (error) {
    if (exchange.last?.kind === 'failed') throw new TokenFailure(problemOfSilence(exchange.last.message, false));
    return { code: (error as { code?: unknown }).code };
  }
}

/** End points that the settings name; for an issuer that says nothing about itself. */
function endPointsOf({ grant, settings }: OAuthClient): AuthorizationServer | null {
  const { issuer, authorizationUrl, tokenUrl } = settings;
  if (!tokenUrl || (grant === 'authorization_code' && !authorizationUrl)) return null;
  return { issuer: issuer ?? tokenUrl, authorization_endpoint: authorizationUrl, token_endpoint: tokenUrl };
}

function requirePkce(metadata: AuthorizationServer): AuthorizationServer {
  const methods = metadata.code_challenge_methods_supported;
  if (!methods || methods.includes('S256')) return metadata;
  throw organizationsFault(`The issuer ${metadata.issuer} does not know PKCE with S256, without which a code could be stolen.`);
}

function isSame(a: string, b: string): boolean {
  return URL.parse(a)?.href === URL.parse(b)?.href;
}

function organizationsFault(text: string): TokenFailure {
  return new TokenFailure(problemOfOurs(text, 'organization'));
}
