import { Injectable } from '@nestjs/common';
import type { catalog } from '@patchbay/contracts/catalog';
import type { InputOf, ReplyOf } from '@patchbay/contracts/define';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import { DataSource } from 'typeorm';
import { ToolRepository } from '../outside/tool.repository.ts';

/** What an organization can put into its agents. */
@Injectable()
export class ListTools {
  constructor(
    private readonly source: DataSource,
    private readonly tools: ToolRepository,
  ) {}

  async run({ organizationId }: InputOf<typeof catalog.listTools>): Promise<ReplyOf<typeof catalog.listTools>> {
    return { tools: await inOrganization(this.source, organizationId, (tx) => this.tools.list(tx, organizationId)) };
  }
}
