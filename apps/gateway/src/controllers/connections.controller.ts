import { Controller } from '@nestjs/common';
import { credentials } from '@patchbay/contracts/credentials';
import type { RequestOf } from '@patchbay/contracts/define';
import { Client, type ClientOf } from '@patchbay/service-kit/messaging/client';
import { Input, Route } from '../http/route.ts';

@Controller()
export class ConnectionsController {
  constructor(@Client(credentials) private readonly credentialsClient: ClientOf<typeof credentials>) {}

  @Route('POST /v1/connections', credentials.createConnection)
  create(@Input() input: RequestOf<typeof credentials.createConnection>) {
    return this.credentialsClient.createConnection(input);
  }

  @Route('GET /v1/connections', credentials.listConnections)
  list(@Input() input: RequestOf<typeof credentials.listConnections>) {
    return this.credentialsClient.listConnections(input);
  }

  @Route('GET /v1/connections/:connectionId', credentials.getConnection)
  get(@Input() input: RequestOf<typeof credentials.getConnection>) {
    return this.credentialsClient.getConnection(input);
  }
}
