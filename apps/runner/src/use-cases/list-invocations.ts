import { Injectable } from '@nestjs/common';
import type { InputOf, ReplyOf } from '@patchbay/contracts/define';
import type { runner } from '@patchbay/contracts/runner';
import { DataSource } from 'typeorm';
import { runningRecord } from '../outside/invocation-rows.ts';
import { InvocationRepository } from '../outside/invocation.repository.ts';
import { LedgerRepository } from '../outside/ledger.repository.ts';

@Injectable()
export class ListInvocations {
  constructor(
    private readonly source: DataSource,
    private readonly invocations: InvocationRepository,
    private readonly ledger: LedgerRepository,
  ) {}

  async run({ organizationId, sessionId }: InputOf<typeof runner.listInvocations>): Promise<ReplyOf<typeof runner.listInvocations>> {
    // Those that run first: one that ends between the two questions is then listed twice, never left out.
    const running = await this.ledger.listRunning(this.source.manager, organizationId, sessionId);
    const ended = await this.invocations.listBySession(this.source.manager, organizationId, sessionId);
    const known = new Set(ended.map(({ invocationId }) => invocationId));
    const others = running.filter((one) => !known.has(one.invocation_id)).map(runningRecord);
    return { invocations: [...ended, ...others].sort((a, b) => (a.invocationId < b.invocationId ? -1 : 1)) };
  }
}
