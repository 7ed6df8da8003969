import { Injectable } from '@nestjs/common';
import type { InputOf, ReplyOf } from '@patchbay/contracts/define';
import type { runner } from '@patchbay/contracts/runner';
import { DataSource } from 'typeorm';
import { InvocationRepository } from '../outside/invocation.repository.ts';
import { RunningInvocations } from '../outside/running-invocations.ts';

@Injectable()
export class CountSettling {
  constructor(
    private readonly source: DataSource,
    private readonly invocations: InvocationRepository,
    private readonly running: RunningInvocations,
  ) {}

  async run({ organizationId, sessionId }: InputOf<typeof runner.countSettling>): Promise<ReplyOf<typeof runner.countSettling>> {
    const writes = await this.invocations.countRunning(this.source.manager, organizationId, sessionId);
    return { settling: writes + this.running.countReads(organizationId, sessionId) };
  }
}
