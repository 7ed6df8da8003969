import { Controller } from '@nestjs/common';
import { credentials } from '@patchbay/contracts/credentials';
import type { InputOf } from '@patchbay/contracts/define';
import { Handles } from '@patchbay/service-kit/messaging/handles';
import { CheckConnection } from './use-cases/check-connection.ts';
import { CreateConnection } from './use-cases/create-connection.ts';
import { CreateSigningSecret } from './use-cases/create-signing-secret.ts';
import { DeleteConnection } from './use-cases/delete-connection.ts';
import { DisableConnection } from './use-cases/disable-connection.ts';
import { EnableConnection } from './use-cases/enable-connection.ts';
import { ReadConnections } from './use-cases/read-connections.ts';
import { UndeleteConnection } from './use-cases/undelete-connection.ts';
import { UpdateConnection } from './use-cases/update-connection.ts';

/** Connections as those who look after them see them: secrets come in here, and none leaves. */
@Controller()
export class ConnectionHandlers {
  constructor(
    private readonly createConnection: CreateConnection,
    private readonly createSigningSecret: CreateSigningSecret,
    private readonly readConnections: ReadConnections,
    private readonly updateConnection: UpdateConnection,
    private readonly enableConnection: EnableConnection,
    private readonly disableConnection: DisableConnection,
    private readonly deleteConnection: DeleteConnection,
    private readonly undeleteConnection: UndeleteConnection,
    private readonly checkConnection: CheckConnection,
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
    return this.readConnections.one(input);
  }

  @Handles(credentials.listConnections)
  allConnections(input: InputOf<typeof credentials.listConnections>) {
    return this.readConnections.all(input);
  }

  @Handles(credentials.updateConnection)
  update(input: InputOf<typeof credentials.updateConnection>) {
    return this.updateConnection.run(input);
  }

  @Handles(credentials.enableConnection)
  enable(input: InputOf<typeof credentials.enableConnection>) {
    return this.enableConnection.run(input);
  }

  @Handles(credentials.disableConnection)
  disable(input: InputOf<typeof credentials.disableConnection>) {
    return this.disableConnection.run(input);
  }

  @Handles(credentials.deleteConnection)
  remove(input: InputOf<typeof credentials.deleteConnection>) {
    return this.deleteConnection.run(input);
  }

  @Handles(credentials.undeleteConnection)
  undelete(input: InputOf<typeof credentials.undeleteConnection>) {
    return this.undeleteConnection.run(input);
  }

  @Handles(credentials.checkConnection)
  check(input: InputOf<typeof credentials.checkConnection>) {
    return this.checkConnection.run(input);
  }
}
