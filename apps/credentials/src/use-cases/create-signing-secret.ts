import { Injectable } from '@nestjs/common';
import type { credentials } from '@patchbay/contracts/credentials';
import type { InputOf, ReplyOf } from '@patchbay/contracts/define';
import { newId } from '@patchbay/service-kit/identity/new-id';
import { DataSource } from 'typeorm';
import { firstVersion } from '../domain/connection.ts';
import { ConnectionRepository } from '../outside/connection.repository.ts';
import { KeyRing } from '../outside/key-ring.ts';
import { randomSigningSecret } from '../outside/random-secrets.ts';

/** What we sign with is made here, so that it is as random as it must be; the receiver is shown it this once. */
@Injectable()
export class CreateSigningSecret {
  constructor(
    private readonly source: DataSource,
    private readonly connections: ConnectionRepository,
    private readonly keyRing: KeyRing,
  ) {}

  async run({
    organizationId,
    name,
  }: InputOf<typeof credentials.createSigningSecret>): Promise<ReplyOf<typeof credentials.createSigningSecret>> {
    const secret = randomSigningSecret();
    const connectionId = newId('connection');
    const draft = { connectionId, name, provider: 'http', kind: 'signing_secret', sandbox: false } as const;
    const connection = firstVersion(draft, secret, new Date());
    const owner = { organizationId, connectionId: connection.connectionId, version: connection.version };
    await this.source.transaction(async (tx) => {
      await this.connections.insert(tx, organizationId, connection);
      await this.connections.insertSecret(tx, owner, this.keyRing.seal(owner, secret));
    });
    return { connection, secret };
  }
}
