import { Injectable } from '@nestjs/common';
import { changes } from '@patchbay/contracts/audit';
import type { catalog } from '@patchbay/contracts/catalog';
import type { InputOf, ReplyOf } from '@patchbay/contracts/define';
import { recordChange } from '@patchbay/service-kit/database/change';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import { newId } from '@patchbay/service-kit/identity/new-id';
import { DataSource } from 'typeorm';
import { requireCallable } from '../domain/tool-definition.ts';
import { CallTimeRules } from '../outside/call-time-rules.ts';
import { ToolRepository, toTool } from '../outside/tool.repository.ts';

/** A tool that can be called as it is written becomes version 1 of a new name. */
@Injectable()
export class CreateTool {
  constructor(
    private readonly source: DataSource,
    private readonly tools: ToolRepository,
    private readonly rules: CallTimeRules,
  ) {}

  async run({
    organizationId,
    ...definition
  }: InputOf<typeof catalog.createTool>): Promise<ReplyOf<typeof catalog.createTool>> {
    requireCallable(definition, this.rules);
    const made = { org_id: organizationId, tool_id: newId('tool'), created_at: new Date() };
    const version = { ...made, version: 1, definition };
    const tool = toTool(version);
    await inOrganization(this.source, organizationId, async (tx) => {
      await this.tools.insert(tx, { ...made, name: definition.name, latest_version: 1 });
      await this.tools.insertVersion(tx, version);
      const object = { kind: 'tool', id: made.tool_id, name: definition.name };
      await recordChange(tx, changes.catalog.changeRecorded, { organizationId, action: 'tool.created', object, after: tool });
    });
    return tool;
  }
}
