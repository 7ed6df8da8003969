import { Controller } from '@nestjs/common';
import { calls } from '@patchbay/contracts/calls';
import type { InputOf } from '@patchbay/contracts/define';
import { Handles } from '@patchbay/service-kit/messaging/handles';
import { GetTimeline } from './use-cases/get-timeline.ts';
import { ListSessions } from './use-cases/list-sessions.ts';
import { ListTurns } from './use-cases/list-turns.ts';

/** What other services ask of calls. */
@Controller()
export class CallsHandlers {
  constructor(
    private readonly listTurns: ListTurns,
    private readonly listSessions: ListSessions,
    private readonly getTimeline: GetTimeline,
  ) {}

  @Handles(calls.listTurns)
  turns(input: InputOf<typeof calls.listTurns>) {
    return this.listTurns.run(input);
  }

  @Handles(calls.listSessions)
  list(input: InputOf<typeof calls.listSessions>) {
    return this.listSessions.run(input);
  }

  @Handles(calls.getTimeline)
  timeline(input: InputOf<typeof calls.getTimeline>) {
    return this.getTimeline.run(input);
  }
}
