import { Controller } from '@nestjs/common';
import { credentials } from '@patchbay/contracts/credentials';
import type { RequestOf } from '@patchbay/contracts/define';
import { Client, type ClientOf } from '@patchbay/service-kit/messaging/client';
import { Input, Route } from '../http/route.ts';
import { EdgeRegister } from '../outside/edge-register.ts';
import { SecretEnvelopes } from '../outside/secret-envelopes.ts';

@Controller()
export class EdgesController {
  constructor(
    @Client(credentials) private readonly credentialsClient: ClientOf<typeof credentials>,
    private readonly register: EdgeRegister,
    private readonly envelopes: SecretEnvelopes,
  ) {}

  @Route('POST /v1/edges', credentials.createEdge, { permission: 'edges:write' })
  async create(@Input() input: RequestOf<typeof credentials.createEdge>) {
    return this.envelopes.open('credentials', await this.credentialsClient.createEdge({ ...input, ...(await this.envelopes.sealTo()) }));
  }

  @Route('GET /v1/edges', credentials.listEdges, { permission: 'edges:read' })
  list(@Input() input: RequestOf<typeof credentials.listEdges>) {
    return this.credentialsClient.listEdges(input);
  }

  @Route('GET /v1/edges/:edgeId', credentials.getEdge, { permission: 'edges:read' })
  get(@Input() input: RequestOf<typeof credentials.getEdge>) {
    return this.credentialsClient.getEdge(input);
  }

  /** One part longer than an operation of the edge contract can be, so that it hides none. */
  @Route('POST /v1/edges/:edgeId/credentials/renew', credentials.renewEdge, { permission: 'edges:write' })
  async renew(@Input() input: RequestOf<typeof credentials.renewEdge>) {
    const done = await this.credentialsClient.renewEdge({ ...input, ...(await this.envelopes.sealTo()) });
    this.register.forget(input.edgeId);
    return this.envelopes.open('credentials', done);
  }

  @Route('DELETE /v1/edges/:edgeId', credentials.revokeEdge, { permission: 'edges:write' })
  async revoke(@Input() input: RequestOf<typeof credentials.revokeEdge>) {
    const done = await this.credentialsClient.revokeEdge(input);
    this.register.forget(input.edgeId);
    return done;
  }
}
