import { Injectable } from '@nestjs/common';
import { changes } from '@patchbay/contracts/audit';
import type { catalog } from '@patchbay/contracts/catalog';
import type { InputOf, ReplyOf } from '@patchbay/contracts/define';
import { recordChange } from '@patchbay/service-kit/database/change';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import { DataSource } from 'typeorm';
import { requireCallable, toolNotFound } from '../domain/tool-definition.ts';
import { CallTimeRules } from '../outside/call-time-rules.ts';
import { ToolRepository, toTool } from '../outside/tool.repository.ts';

/** A change is a new version; the versions before it stay as they are. */
@Injectable()
export class UpdateTool {
  constructor(
    private readonly source: DataSource,
    private readonly tools: ToolRepository,
    private readonly rules: CallTimeRules,
  ) {}

  async run({
    organizationId,
    toolId,
    ...definition
  }: InputOf<typeof catalog.updateTool>): Promise<ReplyOf<typeof catalog.updateTool>> {
    requireCallable(definition, this.rules);
    return inOrganization(this.source, organizationId, async (tx) => {
      const version = await this.tools.takeNextVersion(tx, organizationId, toolId, definition.name);
      if (version === null) throw toolNotFound(toolId);
      const row = { org_id: organizationId, tool_id: toolId, version, definition, created_at: new Date() };
      const before = await this.tools.find(tx, organizationId, toolId, version - 1);
      await this.tools.insertVersion(tx, row);
      const after = toTool(row);
      const object = { kind: 'tool', id: toolId, name: definition.name };
      await recordChange(tx, changes.catalog.changeRecorded, { organizationId, action: 'tool.updated', object, before, after });
      return after;
    });
  }
}
