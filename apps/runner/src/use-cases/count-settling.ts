import { Injectable } from '@nestjs/common';
import type { InputOf, ReplyOf } from '@patchbay/contracts/define';
import type { runner } from '@patchbay/contracts/runner';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import { DataSource } from 'typeorm';
import { InvocationRepository } from '../outside/invocation.repository.ts';
import { RunningInvocations } from '../outside/running-invocations.ts';

/** Writes under way, writes that are still being verified, reads that were answered `pending`, and the other reads that run here. */
@Injectable()
export class CountSettling {
  constructor(
    private readonly source: DataSource,
    private readonly invocations: InvocationRepository,
    private readonly running: RunningInvocations,
  ) {}

  async run({ organizationId, sessionId }: InputOf<typeof runner.countSettling>): Promise<ReplyOf<typeof runner.countSettling>> {
    const writes = await inOrganization(this.source, organizationId, (tx) => this.invocations.countSettling(tx, organizationId, sessionId));
    return { settling: writes + this.running.countReads(organizationId, sessionId) };
  }
}
