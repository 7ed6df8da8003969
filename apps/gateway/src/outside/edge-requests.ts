import { Inject, Injectable } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import { EDGE_OPERATIONS, edgeSubject } from '@patchbay/contracts/edge';
import { ERROR_CODE_HEADER, ServiceError } from '@patchbay/contracts/errors';
import { httpEdgeInbox } from '@patchbay/contracts/service-permissions';
import { requestUntil } from '@patchbay/service-kit/messaging/client';
import { NATS } from '@patchbay/service-kit/messaging/nats';
import { Deadline } from '@patchbay/service-kit/messaging/request-context';
import { EdgeRegister } from './edge-register.ts';

const DEFAULT_TIMEOUT_MS = 30_000;
/** The platform answers by the deadline; the way back needs a little more. */
const GRACE_MS = 500;

/** Speaks the edge contract for edges that cannot speak NATS. */
@Injectable()
export class EdgeRequests {
  constructor(
    @Inject(NATS) private readonly nats: NatsConnection,
    private readonly register: EdgeRegister,
  ) {}

  async send(request: { organizationId: string; edgeId: string; operation: string; body: unknown; deadlineMs: number | null }): Promise<unknown> {
    const { organizationId, edgeId, operation } = request;
    if (!/^edge_[a-z0-9]{1,64}$/.test(edgeId)) throw wrongPath('edgeId', 'is not an id of the form edge_...');
    if (!EDGE_OPERATIONS.has(operation)) throw wrongPath('operation', `must be one of ${[...EDGE_OPERATIONS].join(', ')}`);
    const deadline = request.deadlineMs === null ? null : new Deadline(request.deadlineMs);
    await this.register.require(organizationId, edgeId, deadline);
    const deadlineMs = deadline && Math.max(1, deadline.remainingMs);
    const reply = await requestUntil(this.nats, edgeSubject(organizationId, edgeId, operation), JSON.stringify(request.body ?? {}), {
      timeoutMs: (deadlineMs ?? DEFAULT_TIMEOUT_MS) + GRACE_MS,
      deadlineMs,
      replyPrefix: httpEdgeInbox(edgeId),
    });
    if (reply.headers?.has(ERROR_CODE_HEADER)) throw ServiceError.fromBody(reply.json());
    return reply.json();
  }
}

function wrongPath(path: string, problem: string): ServiceError {
  return ServiceError.fields('invalid_arguments', `The path does not fit: ${path} ${problem}.`, [{ path, problem }]);
}
