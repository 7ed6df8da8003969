import { Controller } from '@nestjs/common';
import { credentials } from '@patchbay/contracts/credentials';
import type { RequestOf } from '@patchbay/contracts/define';
import { Client, type ClientOf } from '@patchbay/service-kit/messaging/client';
import { Input, Route } from '../http/route.ts';

@Controller()
export class EdgesController {
  constructor(@Client(credentials) private readonly credentialsClient: ClientOf<typeof credentials>) {}

  @Route('POST /v1/edges', credentials.createEdge)
  create(@Input() input: RequestOf<typeof credentials.createEdge>) {
    return this.credentialsClient.createEdge(input);
  }

  @Route('GET /v1/edges', credentials.listEdges)
  list(@Input() input: RequestOf<typeof credentials.listEdges>) {
    return this.credentialsClient.listEdges(input);
  }

  @Route('GET /v1/edges/:edgeId', credentials.getEdge)
  get(@Input() input: RequestOf<typeof credentials.getEdge>) {
    return this.credentialsClient.getEdge(input);
  }
}
