import { Injectable } from '@nestjs/common';
import type { InputOf, ReplyOf } from '@patchbay/contracts/define';
import type { InvocationRecord, runner } from '@patchbay/contracts/runner';
import { inOrganization } from '@patchbay/service-kit/database/organization';
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
    const running = await inOrganization(this.source, organizationId, (tx) => this.ledger.listRunning(tx, organizationId, sessionId));
    const ended = await inOrganization(this.source, organizationId, (tx) => this.invocations.listBySession(tx, organizationId, sessionId));
    const known = new Set(ended.map(({ invocationId }) => invocationId));
    const others = running.filter((one) => !known.has(one.invocation_id)).map(runningRecord);
    const invocations = [...ended, ...others].sort((a, b) => (a.invocationId < b.invocationId ? -1 : 1));
    return { invocations: withOriginals(invocations) };
  }
}

/** A repeat was answered with how its original stood at the time; it ends as the original has ended. */
function withOriginals(invocations: InvocationRecord[]): InvocationRecord[] {
  const byId = new Map(invocations.map((one) => [one.invocationId, one]));
  return invocations.map((one) => {
    let original: InvocationRecord | undefined = one;
    // A repeat may have joined another one.
    for (let steps = 0; original?.replayOf && steps < invocations.length; steps++) original = byId.get(original.replayOf);
    return original && original !== one ? { ...one, status: original.status } : one;
  });
}
