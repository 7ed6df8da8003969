import { Injectable } from '@nestjs/common';
import type { Connection } from '@patchbay/contracts/connections';
import type { Transaction } from '@patchbay/service-kit/database/database';
import { secretFrom } from '../../domain/connection-secret.ts';
import { requireOAuthClient, type OAuthClient } from '../../domain/oauth/oauth-client.ts';
import { problemOfOurs } from '../../domain/oauth/token-problem.ts';
import { ConnectionRepository } from '../connection.repository.ts';
import type { ConnectionRef } from '../connection-sweep.ts';
import { OutgoingHttp } from '../outgoing-http.ts';
import { SecretStore } from '../secret-store.ts';
import { AuthorizationServers, type FoundServer } from './authorization-servers.ts';
import type { IssuedTokens } from './kept-tokens.ts';
import { OAuthExchange } from './oauth-exchange.ts';
import { TokenEndPoint, type TokenRequest } from './token-end-point.ts';
import { TokenFailure } from './token-failure.ts';

/** An OAuth client with what is secret of it. */
export interface ArmedClient extends OAuthClient {
  clientSecret: string | null;
}

type Armed = Pick<Connection, 'connectionId' | 'kind' | 'version' | 'settings'>;

/** What is known of earlier tokens of the connection. */
export interface EarlierTokens {
  issuer: string | null;
  resource: string | null;
  scopes: string[] | null;
  refreshToken: string | null;
}

/** The code that a browser brought back. */
export interface CodeGrant {
  server: FoundServer;
  /** What `validateAuthResponse` let through. */
  answer: URLSearchParams;
  redirectUri: string;
  verifier: string;
  scopes: string[];
}

/** Where tokens come from. Asks and keeps nothing; rejects with `TokenFailure`. */
@Injectable()
export class TokenSource {
  constructor(
    private readonly connections: ConnectionRepository,
    private readonly secrets: SecretStore,
    private readonly servers: AuthorizationServers,
    private readonly endPoint: TokenEndPoint,
    private readonly http: OutgoingHttp,
  ) {}

  async client(tx: Transaction, { organizationId, connectionId }: ConnectionRef): Promise<ArmedClient> {
    const connection = await this.connections.get(tx, organizationId, connectionId);
    const client = requireOAuthClient(connection);
    return { ...client, clientSecret: await this.#clientSecret(tx, organizationId, connection) };
  }

  /** `startedAt` is of `performance.now()`: the exchange ends ten seconds after it. */
  exchange({ organizationId, connectionId }: ConnectionRef, startedAt?: number): OAuthExchange {
    return new OAuthExchange(this.http, `${organizationId}:${connectionId}`, startedAt);
  }

  server(exchange: OAuthExchange, client: OAuthClient, issuer: string | null = null): Promise<FoundServer> {
    return this.servers.find(exchange, client, issuer);
  }

  async byCode(exchange: OAuthExchange, client: ArmedClient, { server, answer, redirectUri, verifier, scopes }: CodeGrant): Promise<IssuedTokens> {
    const request = requestOf(exchange, client, server, scopes);
    const tokens = await this.endPoint.exchangeCode(request, answer, redirectUri, verifier);
    return { ...tokens, grant: client.grant, issuer: server.issuer, resource: server.resource };
  }

  /** The next tokens of a connection: by its refresh token, or once more by the client's own credentials. */
  async next(exchange: OAuthExchange, client: ArmedClient, earlier: EarlierTokens | null): Promise<IssuedTokens> {
    const found = await this.server(exchange, client, earlier?.issuer);
    const server = { ...found, resource: earlier?.resource ?? found.resource };
    const request = requestOf(exchange, client, server, earlier?.scopes ?? client.settings.scopes);
    const whom = { grant: client.grant, issuer: server.issuer, resource: server.resource };
    if (client.grant === 'client_credentials') return { ...(await this.endPoint.byClientCredentials(request)), ...whom };
    const refreshToken = earlier?.refreshToken;
    if (!refreshToken) throw new TokenFailure(problemOfOurs('The provider gave no refresh token; connect the account again.', 'organization'));
    const tokens = await this.endPoint.refresh(request, refreshToken);
    // An answer without a refresh token leaves the old one good (RFC 6749, 6).
    return { ...tokens, refreshToken: tokens.refreshToken ?? refreshToken, ...whom };
  }

  async #clientSecret(tx: Transaction, organizationId: string, { connectionId, kind, version, settings }: Armed): Promise<string | null> {
    if (settings.oauth?.clientAuthentication === 'none') return null;
    const text = await this.secrets.open(tx, { organizationId, connectionId, purpose: 'secret', version });
    return secretFrom(kind, text).secret ?? null;
  }
}

function requestOf(
  exchange: OAuthExchange,
  { settings, clientSecret }: ArmedClient,
  { metadata, resource }: FoundServer,
  scopes: string[],
): TokenRequest {
  return { exchange, server: metadata, settings, clientSecret, resource, scopes };
}
