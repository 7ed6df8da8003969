import { Injectable } from '@nestjs/common';
import type { InputOf, ReplyOf } from '@patchbay/contracts/define';
import type { runner } from '@patchbay/contracts/runner';
import { DataSource } from 'typeorm';
import { InvocationRepository } from '../outside/invocation.repository.ts';

@Injectable()
export class ListInvocations {
  constructor(
    private readonly source: DataSource,
    private readonly invocations: InvocationRepository,
  ) {}

  async run({ organizationId, sessionId }: InputOf<typeof runner.listInvocations>): Promise<ReplyOf<typeof runner.listInvocations>> {
    return { invocations: await this.invocations.listBySession(this.source.manager, organizationId, sessionId) };
  }
}
