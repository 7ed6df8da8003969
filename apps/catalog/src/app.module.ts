import { Module } from '@nestjs/common';
import { CatalogHandlers } from './catalog.handlers.ts';
import { ToolRepository } from './outside/tool.repository.ts';
import { CreateTool } from './use-cases/create-tool.ts';
import { GetTool } from './use-cases/get-tool.ts';
import { ListTools } from './use-cases/list-tools.ts';
import { UpdateTool } from './use-cases/update-tool.ts';

@Module({
  controllers: [CatalogHandlers],
  providers: [CreateTool, UpdateTool, GetTool, ListTools, ToolRepository],
})
export class AppModule {}
