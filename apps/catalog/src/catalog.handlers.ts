import { Controller } from '@nestjs/common';
import { catalog } from '@patchbay/contracts/catalog';
import type { InputOf } from '@patchbay/contracts/define';
import { Handles } from '@patchbay/service-kit/messaging/handles';
import { CreateTool } from './use-cases/create-tool.ts';
import { GetTool } from './use-cases/get-tool.ts';
import { ListTools } from './use-cases/list-tools.ts';
import { UpdateTool } from './use-cases/update-tool.ts';

@Controller()
export class CatalogHandlers {
  constructor(
    private readonly createTool: CreateTool,
    private readonly updateTool: UpdateTool,
    private readonly getTool: GetTool,
    private readonly listTools: ListTools,
  ) {}

  @Handles(catalog.createTool)
  create(input: InputOf<typeof catalog.createTool>) {
    return this.createTool.run(input);
  }

  @Handles(catalog.updateTool)
  update(input: InputOf<typeof catalog.updateTool>) {
    return this.updateTool.run(input);
  }

  @Handles(catalog.getTool)
  get(input: InputOf<typeof catalog.getTool>) {
    return this.getTool.run(input);
  }

  @Handles(catalog.listTools)
  list(input: InputOf<typeof catalog.listTools>) {
    return this.listTools.run(input);
  }
}
