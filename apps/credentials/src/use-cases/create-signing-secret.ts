import { Injectable } from '@nestjs/common';
import type { credentials } from '@patchbay/contracts/credentials';
import type { InputOf, ReplyOf } from '@patchbay/contracts/define';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import { newId } from '@patchbay/service-kit/identity/new-id';
import { DataSource } from 'typeorm';
import { hintOf } from '../domain/connection-secret.ts';
import { connectionView, newConnection } from '../domain/connection.ts';
import { ConnectionChanges } from '../outside/connection-changes.ts';
import { ConnectionCredentials } from '../outside/connection-credentials.ts';
import { ConnectionFeed } from '../outside/connection-feed.ts';
import { ConnectionRepository } from '../outside/connection.repository.ts';
import { randomSigningSecret } from '../outside/random-secrets.ts';
import { sealedText } from '../outside/sealed-answers.ts';

const SIGNING = { provider: 'http', kind: 'signing_secret', sandbox: false, isDefault: false, settings: {}, check: null, lifecycle: 'active' } as const;

/** What we sign with is made here, so that it is as random as it must be; the receiver is shown it this once. */
@Injectable()
export class CreateSigningSecret {
  constructor(
    private readonly source: DataSource,
    private readonly connections: ConnectionRepository,
    private readonly secrets: ConnectionCredentials,
    private readonly changes: ConnectionChanges,
    private readonly feed: ConnectionFeed,
  ) {}

  async run({
    organizationId,
    name,
    origins = [],
    sealTo,
  }: InputOf<typeof credentials.createSigningSecret>): Promise<ReplyOf<typeof credentials.createSigningSecret>> {
    const secret = randomSigningSecret();
    const made = { ...SIGNING, organizationId, connectionId: newId('connection'), name, origins, hint: hintOf({ secret }) };
    const connection = newConnection(made, new Date());
    await inOrganization(this.source, organizationId, async (tx) => {
      await this.connections.insert(tx, connection);
      await this.secrets.put(tx, connection, connection.version, { secret });
      await this.changes.log(tx, 'connection.created', null, connection);
    });
    await this.feed.publishNews(connection);
    return { connection: connectionView(connection), secret: await sealedText(secret, sealTo) };
  }
}
