import { Injectable } from '@nestjs/common';
import type { catalog } from '@patchbay/contracts/catalog';
import type { InputOf, ReplyOf } from '@patchbay/contracts/define';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import { DataSource } from 'typeorm';
import { toolNotFound } from '../domain/tool-definition.ts';
import { ToolRepository } from '../outside/tool.repository.ts';

/** A tool as it is now, or as it was at a version. */
@Injectable()
export class GetTool {
  constructor(
    private readonly source: DataSource,
    private readonly tools: ToolRepository,
  ) {}

  async run({
    organizationId,
    toolId,
    version,
  }: InputOf<typeof catalog.getTool>): Promise<ReplyOf<typeof catalog.getTool>> {
    const tool = await inOrganization(this.source, organizationId, (tx) => this.tools.find(tx, organizationId, toolId, version ?? null));
    if (!tool) throw toolNotFound(toolId, version);
    return tool;
  }
}
