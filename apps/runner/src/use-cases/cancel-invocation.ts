import { Injectable } from '@nestjs/common';
import type { InputOf } from '@patchbay/contracts/define';
import type { edge } from '@patchbay/contracts/edge';
import { ServiceError } from '@patchbay/contracts/errors';
import type { Outcome } from '@patchbay/contracts/outcome';
import type { RequestContext } from '@patchbay/service-kit/messaging/request-context';
import { EndedInvocations } from '../outside/ended-invocations.ts';
import { Peers } from '../outside/peers.ts';

/** Gives up a read that is under way, at whichever runner; a write is finished, because it may have happened already. */
@Injectable()
export class CancelInvocation {
  constructor(
    private readonly peers: Peers,
    private readonly ended: EndedInvocations,
  ) {}

  async run(input: InputOf<typeof edge.cancelInvocation>, { organizationId, edgeId }: RequestContext): Promise<Outcome> {
    const { invocationId, sessionId, toolCallId } = input;
    const running = await this.peers.find({ organizationId, edgeId, invocationId, sessionId, toolCallId, cancel: true });
    if (running) return running;
    const stored = await this.ended.find(organizationId, edgeId, input);
    if (stored) return stored;
    throw ServiceError.fields('not_found', `There is no such invocation.`, [
      { path: invocationId ? 'invocationId' : 'toolCallId', problem: 'is not an invocation of this organization and edge' },
    ]);
  }
}
