import { Injectable } from '@nestjs/common';
import type { InputOf } from '@patchbay/contracts/define';
import type { edge } from '@patchbay/contracts/edge';
import { ServiceError } from '@patchbay/contracts/errors';
import type { Outcome } from '@patchbay/contracts/outcome';
import type { RequestContext } from '@patchbay/service-kit/messaging/request-context';
import { EndedInvocations } from '../outside/ended-invocations.ts';
import { Peers } from '../outside/peers.ts';

/** The outcome as it stands: `pending` while it runs, then what it ended in. */
@Injectable()
export class GetInvocation {
  constructor(
    private readonly peers: Peers,
    private readonly ended: EndedInvocations,
  ) {}

  async run({ invocationId }: InputOf<typeof edge.getInvocation>, { organizationId, edgeId }: RequestContext): Promise<Outcome> {
    const stored = await this.ended.find(organizationId, edgeId, { invocationId });
    if (stored && stored.status !== 'pending') return stored;
    const found =
      // Whoever runs it knows an outcome that was told and is not on record yet.
      (await this.peers.find({ organizationId, edgeId, invocationId, cancel: false })) ??
      // It may have ended between the two questions.
      (await this.ended.find(organizationId, edgeId, { invocationId }));
    if (found) return found;
    throw ServiceError.fields('not_found', `There is no invocation ${invocationId}.`, [
      { path: 'invocationId', problem: 'is not an invocation of this organization and edge' },
    ]);
  }
}
