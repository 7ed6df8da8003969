import { Injectable } from '@nestjs/common';
import type { Connection, credentials } from '@patchbay/contracts/credentials';
import type { InputOf } from '@patchbay/contracts/define';
import { newId } from '@patchbay/service-kit/identity/new-id';
import { DataSource } from 'typeorm';
import { firstVersion } from '../domain/connection.ts';
import { ConnectionRepository } from '../outside/connection.repository.ts';
import { KeyRing } from '../outside/key-ring.ts';

/** The secret is encrypted before it is stored and can never be read back. */
@Injectable()
export class CreateConnection {
  constructor(
    private readonly source: DataSource,
    private readonly connections: ConnectionRepository,
    private readonly keyRing: KeyRing,
  ) {}

  async run({ organizationId, secret, ...asked }: InputOf<typeof credentials.createConnection>): Promise<Connection> {
    const connection = firstVersion({ connectionId: newId('connection'), ...asked }, secret, new Date());
    const owner = { organizationId, connectionId: connection.connectionId, version: connection.version };
    await this.source.transaction(async (tx) => {
      await this.connections.insert(tx, organizationId, connection);
      await this.connections.insertSecret(tx, owner, this.keyRing.seal(owner, secret));
    });
    return connection;
  }
}
