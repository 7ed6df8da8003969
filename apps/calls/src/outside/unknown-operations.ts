import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import { EDGE_OPERATIONS, edgeInbox } from '@patchbay/contracts/edge';
import { ServiceError } from '@patchbay/contracts/errors';
import { MISSHAPEN_EDGE_SUBJECTS } from '@patchbay/contracts/service-permissions';
import { NATS } from '@patchbay/service-kit/messaging/nats';
import { respondError } from '@patchbay/service-kit/messaging/wire';

/** Answers requests at subjects of a wrong shape with a typed error. A misspelt operation gets NATS's own "no responders". */
@Injectable()
export class UnknownOperations implements OnModuleInit {
  constructor(@Inject(NATS) private readonly nats: NatsConnection) {}

  onModuleInit(): void {
    for (const subject of MISSHAPEN_EDGE_SUBJECTS) {
      this.nats.subscribe(subject, {
        queue: 'calls',
        callback: (error, message) => {
          const [, , , edgeId = ''] = message.subject.split('.', 4);
          if (error || !message.reply?.startsWith(`${edgeInbox(edgeId)}.`)) return;
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
}
