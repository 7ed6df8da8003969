import { Injectable } from '@nestjs/common';
import { CallbackQuery } from '@patchbay/contracts/access';
import type { Connection } from '@patchbay/contracts/connections';
import type { credentials } from '@patchbay/contracts/credentials';
import type { InputOf, ReplyOf } from '@patchbay/contracts/define';
import { acrossOrganizations, inOrganization } from '@patchbay/service-kit/database/organization';
import { DataSource } from 'typeorm';
import { learned } from '../domain/connection-health.ts';
import { requireSameBrowser, requireUsable, type Authorization } from '../domain/oauth/authorization.ts';
import { requireAuthorizable } from '../domain/oauth/oauth-client.ts';
import { ConnectionChanges } from '../outside/connection-changes.ts';
import { ConnectionRepository } from '../outside/connection.repository.ts';
import { AccessTokens } from '../outside/oauth/access-tokens.ts';
import { requireYes } from '../outside/oauth/authorization-answer.ts';
import type { IssuedTokens } from '../outside/oauth/kept-tokens.ts';
import { hashOf, PendingAuthorizations } from '../outside/oauth/pending-authorizations.ts';
import { TokenSource } from '../outside/oauth/token-source.ts';
import { SecretTickets } from '../outside/secret-tickets.ts';

/** A browser is back from the provider. The state is used up by this, whatever comes of it; the connection stays the one it was. */
@Injectable()
export class CompleteAuthorization {
  constructor(
    private readonly source: DataSource,
    private readonly authorizations: PendingAuthorizations,
    private readonly connections: ConnectionRepository,
    private readonly tokenSource: TokenSource,
    private readonly tokens: AccessTokens,
    private readonly changes: ConnectionChanges,
    private readonly tickets: SecretTickets,
  ) {}

  async run(input: InputOf<typeof credentials.completeAuthorization>): Promise<ReplyOf<typeof credentials.completeAuthorization>> {
    const { browserBinding, signedInTo, sealed } = input;
    const query = sealed ? await this.tickets.open(sealed, CallbackQuery) : input.query;
    const known = await acrossOrganizations(this.source, (tx) => this.authorizations.use(tx, query['state'] ?? ''));
    const authorization = requireUsable(known, new Date());
    requireSameBrowser(authorization, { bindingHash: browserBinding === undefined ? null : hashOf(browserBinding), signedInTo });
    const issued = await this.#exchange(authorization, query);
    return { connection: await this.#keep(authorization, issued), returnTo: authorization.returnTo };
  }

  async #exchange(authorization: Authorization, query: Record<string, string>): Promise<IssuedTokens> {
    const { organizationId, connectionId, issuer, scopes, resource } = authorization;
    const { client, verifier } = await inOrganization(this.source, organizationId, async (tx) => {
      requireAuthorizable(await this.connections.get(tx, organizationId, connectionId));
      return { client: await this.tokenSource.client(tx, authorization), verifier: await this.authorizations.takeVerifier(tx, authorization) };
    });
    const exchange = this.tokenSource.exchange(authorization);
    const server = { ...(await this.tokenSource.server(exchange, client, issuer)), resource };
    const answer = requireYes(server, client.settings.clientId, query);
    const { redirectUri } = this.authorizations;
    return this.tokenSource.byCode(exchange, client, { server, answer, redirectUri, verifier, scopes });
  }

  #keep(ref: Authorization, issued: IssuedTokens): Promise<Connection> {
    return this.changes.make(ref, 'connection.authorized', async (held, tx) => {
      const obtained = await this.tokens.keep(tx, ref, issued);
      return learned(held, { kind: 'authorized', ...obtained });
    });
  }
}
