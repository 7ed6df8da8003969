import { Inject, Injectable } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import { type CallEvent, type CallEventKind, callEventSubject } from '@patchbay/contracts/edge';
import type { Outcome } from '@patchbay/contracts/outcome';
import { NATS } from '@patchbay/service-kit/messaging/nats';

/** Which request of which call an event is about. */
export interface CallRequest {
  organizationId: string;
  edgeId: string;
  sessionId: string;
  invocationId: string;
  toolCallId: string;
  turnId: string;
  function: string;
}

/** What an edge is told during a call. Core NATS: an edge that is not there misses it, and asks with `invocation.get`. */
@Injectable()
export class CallEvents {
  constructor(@Inject(NATS) private readonly nats: NatsConnection) {}

  publish<K extends CallEventKind>(kind: K, organizationId: string, edgeId: string, event: CallEvent<K>): void {
    this.nats.publish(callEventSubject(organizationId, edgeId, event.sessionId, kind), JSON.stringify(event));
  }

  result({ organizationId, edgeId, ...about }: CallRequest, outcome: Outcome): void {
    this.publish('result', organizationId, edgeId, { ...about, outcome });
  }

  progress({ organizationId, edgeId, ...about }: CallRequest, say: string): void {
    this.publish('progress', organizationId, edgeId, { ...about, say });
  }
}
