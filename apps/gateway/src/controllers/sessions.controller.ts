import { Controller } from '@nestjs/common';
import { calls } from '@patchbay/contracts/calls';
import type { RequestOf } from '@patchbay/contracts/define';
import { Client, type ClientOf } from '@patchbay/service-kit/messaging/client';
import { Input, Route } from '../http/route.ts';

@Controller()
export class SessionsController {
  constructor(@Client(calls) private readonly callsClient: ClientOf<typeof calls>) {}

  @Route('GET /v1/sessions', calls.listSessions, { permission: 'calls:read' })
  list(@Input() input: RequestOf<typeof calls.listSessions>) {
    return this.callsClient.listSessions(input);
  }

  @Route('GET /v1/sessions/:sessionId/timeline', calls.getTimeline, { permission: 'calls:read' })
  timeline(@Input() input: RequestOf<typeof calls.getTimeline>) {
    return this.callsClient.getTimeline(input);
  }
}
