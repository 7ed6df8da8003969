import { Controller } from '@nestjs/common';
import { callEvents } from '@patchbay/contracts/calls';
import { Consumes, type EventOf } from '@patchbay/service-kit/messaging/handles';
import { DeliverEvent } from './use-cases/deliver-event.ts';

/** What happens in calls and is told to the organizations' own systems. */
@Controller()
export class CallConsumers {
  constructor(private readonly deliverEvent: DeliverEvent) {}

  @Consumes(callEvents.sessionEnded)
  sessionEnded(envelope: EventOf<typeof callEvents.sessionEnded>) {
    return this.deliverEvent.run(envelope);
  }
}
