import { Controller } from '@nestjs/common';
import { credentials } from '@patchbay/contracts/credentials';
import type { InputOf } from '@patchbay/contracts/define';
import { Handles } from '@patchbay/service-kit/messaging/handles';
import { DataSource } from 'typeorm';
import { ConnectionRepository } from './outside/connection.repository.ts';
import { CreateConnection } from './use-cases/create-connection.ts';
import { CreateSigningSecret } from './use-cases/create-signing-secret.ts';
import { ResolveConnection } from './use-cases/resolve-connection.ts';

/** Connections: their secrets come in, and leave only for one request to the provider. */
@Controller()
export class ConnectionHandlers {
  constructor(
    private readonly createConnection: CreateConnection,
    private readonly createSigningSecret: CreateSigningSecret,
    private readonly resolveConnection: ResolveConnection,
    private readonly connections: ConnectionRepository,
    private readonly source: DataSource,
  ) {}

  @Handles(credentials.createConnection)
  newConnection(input: InputOf<typeof credentials.createConnection>) {
    return this.createConnection.run(input);
  }

  @Handles(credentials.createSigningSecret)
  newSigningSecret(input: InputOf<typeof credentials.createSigningSecret>) {
    return this.createSigningSecret.run(input);
  }

  @Handles(credentials.getConnection)
  connection(input: InputOf<typeof credentials.getConnection>) {
    return this.connections.get(this.source.manager, input.organizationId, input.connectionId);
  }

  @Handles(credentials.listConnections)
  async allConnections(input: InputOf<typeof credentials.listConnections>) {
    return { connections: await this.connections.list(this.source.manager, input.organizationId) };
  }

  @Handles(credentials.resolveConnection)
  resolved(input: InputOf<typeof credentials.resolveConnection>) {
    return this.resolveConnection.run(input);
  }
}
