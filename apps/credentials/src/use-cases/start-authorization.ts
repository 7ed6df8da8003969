import { Injectable } from '@nestjs/common';
import type { credentials } from '@patchbay/contracts/credentials';
import type { InputOf, ReplyOf } from '@patchbay/contracts/define';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import { calculatePKCECodeChallenge, generateRandomCodeVerifier, generateRandomState } from 'oauth4webapi';
import { DataSource } from 'typeorm';
import { AUTHORIZATION_LIFE_MS, authorizationUrl } from '../domain/oauth/authorization.ts';
import { requireAuthorizable } from '../domain/oauth/oauth-client.ts';
import { AuditLog } from '../outside/audit.repository.ts';
import { ConnectionRepository } from '../outside/connection.repository.ts';
import { requireAuthorizationEndPoint } from '../outside/oauth/authorization-servers.ts';
import { hashOf, PendingAuthorizations } from '../outside/oauth/pending-authorizations.ts';
import { TokenSource } from '../outside/oauth/token-source.ts';

/** Sends a browser to the provider: with a state that works once and a challenge that only we can answer, and back to nowhere but here. */
@Injectable()
export class StartAuthorization {
  constructor(
    private readonly source: DataSource,
    private readonly connections: ConnectionRepository,
    private readonly authorizations: PendingAuthorizations,
    private readonly tokenSource: TokenSource,
    private readonly audit: AuditLog,
  ) {}

  async run(input: InputOf<typeof credentials.startAuthorization>): Promise<ReplyOf<typeof credentials.startAuthorization>> {
    const { organizationId, connectionId, returnTo, browserBinding } = input;
    const { redirectUri } = this.authorizations;
    const connection = await inOrganization(this.source, organizationId, (tx) => this.connections.get(tx, organizationId, connectionId));
    const client = requireAuthorizable(connection);
    const exchange = this.tokenSource.exchange(input);
    const server = await this.tokenSource.server(exchange, client);
    const { issuer, resource } = server;
    const endPoint = requireAuthorizationEndPoint(server, exchange);
    const [state, verifier] = [generateRandomState(), generateRandomCodeVerifier()];
    const codeChallenge = await calculatePKCECodeChallenge(verifier);
    const url = authorizationUrl({ endPoint, settings: client.settings, redirectUri, state, codeChallenge, resource });
    const expiresAt = new Date(Date.now() + AUTHORIZATION_LIFE_MS);
    const bindingHash = browserBinding === undefined ? null : hashOf(browserBinding);
    const begun = { organizationId, connectionId, issuer, scopes: client.settings.scopes, resource, returnTo, bindingHash, expiresAt };
    await inOrganization(this.source, organizationId, async (tx) => {
      await this.authorizations.begin(tx, begun, state, verifier);
      const object = { kind: 'connection', id: connectionId, name: connection.name };
      await this.audit.append(tx, organizationId, { action: 'connection.authorization_started', object });
    });
    return { url, expiresAt: expiresAt.toISOString() };
  }
}
