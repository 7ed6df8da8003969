import { Injectable } from '@nestjs/common';
import type { InputOf } from '@patchbay/contracts/define';
import type { edge } from '@patchbay/contracts/edge';
import { ServiceError } from '@patchbay/contracts/errors';
import type { Outcome } from '@patchbay/contracts/outcome';
import type { RequestContext } from '@patchbay/service-kit/messaging/request-context';
import { DataSource } from 'typeorm';
import { EFFECT_RULES } from '../domain/effect.ts';
import { refused } from '../domain/verdict.ts';
import { InvocationRepository } from '../outside/invocation.repository.ts';
import { RunningInvocations } from '../outside/running-invocations.ts';

/** Gives up a read that is under way; a write is finished, because it may have happened already. */
@Injectable()
export class CancelInvocation {
  constructor(
    private readonly source: DataSource,
    private readonly invocations: InvocationRepository,
    private readonly running: RunningInvocations,
  ) {}

  async run({ invocationId }: InputOf<typeof edge.cancelInvocation>, { organizationId, edgeId }: RequestContext): Promise<Outcome> {
    const running = this.running.find(organizationId, edgeId, invocationId);
    if (running?.function && !running.verdict && EFFECT_RULES[running.function.effect].cancellable) {
      running.abort.abort();
      return { ...running.outcome(), ...refused('cancelled', 'cancelled', 'It was cancelled.') };
    }
    if (running) return running.outcome();
    const stored = await this.invocations.findOutcome(this.source.manager, organizationId, edgeId, invocationId);
    if (stored) return stored;
    throw ServiceError.fields('not_found', `There is no invocation ${invocationId}.`, [
      { path: 'invocationId', problem: 'is not an invocation of this organization and edge' },
    ]);
  }
}
