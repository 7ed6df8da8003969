import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import { EDGE_OPERATIONS, edgeInbox } from '@patchbay/contracts/edge';
import { ServiceError } from '@patchbay/contracts/errors';
import { NATS } from '@patchbay/service-kit/messaging/nats';
import { respondError } from '@patchbay/service-kit/messaging/wire';

/**
 * Answers what no operation answers: a misspelt operation, a dot inside an id. Without it such a request only learns that
 * nobody listens. Its own queue group, so that it never takes a request away from who should answer it.
 */
@Injectable()
export class UnknownOperations implements OnModuleInit {
  constructor(@Inject(NATS) private readonly nats: NatsConnection) {}

  onModuleInit(): void {
    this.nats.subscribe('edge.v1.>', {
      queue: 'calls_unknown_operations',
      callback: (error, message) => {
        if (error) return;
        const [, , , edgeId = '', ...operation] = message.subject.split('.');
        if (EDGE_OPERATIONS.has(operation.join('.'))) return;
        if (!message.reply?.startsWith(`${edgeInbox(edgeId)}.`)) return;
        respondError(
          message,
          ServiceError.fields('not_found', `There is no operation at ${message.subject}.`, [
            {
              path: 'subject',
              problem: `must be edge.v1.<organization>.<edge>.<operation>, one of ${[...EDGE_OPERATIONS].join(', ')}`,
            },
          ]),
        );
      },
    });
  }
}
