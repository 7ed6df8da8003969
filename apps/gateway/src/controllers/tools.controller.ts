import { Controller } from '@nestjs/common';
import { catalog } from '@patchbay/contracts/catalog';
import type { RequestOf } from '@patchbay/contracts/define';
import { Client, type ClientOf } from '@patchbay/service-kit/messaging/client';
import { Input, Route } from '../http/route.ts';

@Controller()
export class ToolsController {
  constructor(@Client(catalog) private readonly catalogClient: ClientOf<typeof catalog>) {}

  @Route('POST /v1/tools', catalog.createTool, { permission: 'tools:write' })
  create(@Input() input: RequestOf<typeof catalog.createTool>) {
    return this.catalogClient.createTool(input);
  }

  @Route('GET /v1/tools', catalog.listTools, { permission: 'tools:read' })
  list(@Input() input: RequestOf<typeof catalog.listTools>) {
    return this.catalogClient.listTools(input);
  }

  @Route('GET /v1/tools/:toolId', catalog.getTool, { permission: 'tools:read' })
  get(@Input() input: RequestOf<typeof catalog.getTool>) {
    return this.catalogClient.getTool(input);
  }

  @Route('PUT /v1/tools/:toolId', catalog.updateTool, { permission: 'tools:write' })
  update(@Input() input: RequestOf<typeof catalog.updateTool>) {
    return this.catalogClient.updateTool(input);
  }
}
