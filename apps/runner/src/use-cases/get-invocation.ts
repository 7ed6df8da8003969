import { Injectable } from '@nestjs/common';
import type { InputOf } from '@patchbay/contracts/define';
import type { edge } from '@patchbay/contracts/edge';
import { ServiceError } from '@patchbay/contracts/errors';
import type { Outcome } from '@patchbay/contracts/outcome';
import type { RequestContext } from '@patchbay/service-kit/messaging/request-context';
import { DataSource } from 'typeorm';
import { InvocationRepository } from '../outside/invocation.repository.ts';
import { RunningInvocations } from '../outside/running-invocations.ts';

/** The outcome as it stands: `pending` while it runs, then what it ended in. */
@Injectable()
export class GetInvocation {
  constructor(
    private readonly source: DataSource,
    private readonly invocations: InvocationRepository,
    private readonly running: RunningInvocations,
  ) {}

  async run({ invocationId }: InputOf<typeof edge.getInvocation>, { organizationId, edgeId }: RequestContext): Promise<Outcome> {
    const stored = await this.invocations.findOutcome(this.source.manager, organizationId, edgeId, invocationId);
    if (stored) return stored;
    const running = this.running.find(organizationId, edgeId, invocationId);
    if (running) return running.outcome();
    throw ServiceError.fields('not_found', `There is no invocation ${invocationId}.`, [
      { path: 'invocationId', problem: 'is not an invocation of this organization and edge' },
    ]);
  }
}
