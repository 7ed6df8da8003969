import { Module } from '@nestjs/common';
import { CatalogHandlers } from './catalog.handlers.ts';
import { CallTimeRules } from './outside/call-time-rules.ts';
import { ToolRepository } from './outside/tool.repository.ts';
import { CreateTool } from './use-cases/create-tool.ts';
import { GetTool } from './use-cases/get-tool.ts';
import { ListTools } from './use-cases/list-tools.ts';
import { UpdateTool } from './use-cases/update-tool.ts';

@Module({
  controllers: [CatalogHandlers],
  providers: [CreateTool, UpdateTool, GetTool, ListTools, ToolRepository, CallTimeRules],
})
export class AppModule {}
