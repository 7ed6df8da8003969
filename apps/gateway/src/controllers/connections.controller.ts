import { Controller } from '@nestjs/common';
import { credentials } from '@patchbay/contracts/credentials';
import type { RequestOf } from '@patchbay/contracts/define';
import { Client, type ClientOf } from '@patchbay/service-kit/messaging/client';
import { PROVIDER_WAIT } from '../http/provider-wait.ts';
import { Input, Route } from '../http/route.ts';
import { SecretEnvelopes } from '../outside/secret-envelopes.ts';

/** Whoever may change connections may do this with one, and is answered with what it is like then. */
const ACT = { permission: 'connections:write', status: 200 } as const;

@Controller()
export class ConnectionsController {
  constructor(
    @Client(credentials) private readonly credentialsClient: ClientOf<typeof credentials>,
    private readonly envelopes: SecretEnvelopes,
  ) {}

  @Route('POST /v1/connections', credentials.createConnection, { permission: 'connections:write' })
  async create(@Input() input: RequestOf<typeof credentials.createConnection>) {
    return this.credentialsClient.createConnection(await this.envelopes.seal(input), PROVIDER_WAIT);
  }

  @Route('POST /v1/signing-secrets', credentials.createSigningSecret, { permission: 'connections:write' })
  async createSigningSecret(@Input() input: RequestOf<typeof credentials.createSigningSecret>) {
    const made = await this.credentialsClient.createSigningSecret({ ...input, ...(await this.envelopes.sealTo()) });
    return this.envelopes.open('secret', made);
  }

  @Route('GET /v1/connections', credentials.listConnections, { permission: 'connections:read' })
  list(@Input() input: RequestOf<typeof credentials.listConnections>) {
    return this.credentialsClient.listConnections(input);
  }

  @Route('GET /v1/connections/:connectionId', credentials.getConnection, { permission: 'connections:read' })
  get(@Input() input: RequestOf<typeof credentials.getConnection>) {
    return this.credentialsClient.getConnection(input);
  }

  @Route('PATCH /v1/connections/:connectionId', credentials.updateConnection, { permission: 'connections:write' })
  update(@Input() input: RequestOf<typeof credentials.updateConnection>) {
    return this.credentialsClient.updateConnection(input);
  }

  @Route('DELETE /v1/connections/:connectionId', credentials.deleteConnection, { permission: 'connections:write' })
  delete(@Input() input: RequestOf<typeof credentials.deleteConnection>) {
    return this.credentialsClient.deleteConnection(input);
  }

  @Route('POST /v1/connections/:connectionId/undelete', credentials.undeleteConnection, ACT)
  undelete(@Input() input: RequestOf<typeof credentials.undeleteConnection>) {
    return this.credentialsClient.undeleteConnection(input);
  }

  @Route('POST /v1/connections/:connectionId/enable', credentials.enableConnection, ACT)
  enable(@Input() input: RequestOf<typeof credentials.enableConnection>) {
    return this.credentialsClient.enableConnection(input);
  }

  @Route('POST /v1/connections/:connectionId/disable', credentials.disableConnection, ACT)
  disable(@Input() input: RequestOf<typeof credentials.disableConnection>) {
    return this.credentialsClient.disableConnection(input);
  }

  @Route('POST /v1/connections/:connectionId/check', credentials.checkConnection, ACT)
  check(@Input() input: RequestOf<typeof credentials.checkConnection>) {
    return this.credentialsClient.checkConnection(input, PROVIDER_WAIT);
  }
}
