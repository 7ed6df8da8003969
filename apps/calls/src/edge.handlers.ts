import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { InputOf } from '@patchbay/contracts/define';
import { edge } from '@patchbay/contracts/edge';
import { Handles } from '@patchbay/service-kit/messaging/handles';
import { RequestContext } from '@patchbay/service-kit/messaging/request-context';
import { EndSession } from './use-cases/end-session.ts';
import { RecordHeard } from './use-cases/record-heard.ts';
import { RecordTurn } from './use-cases/record-turn.ts';
import { StartSession } from './use-cases/start-session.ts';

/** What a voice edge asks of calls; who is asking comes from the subject. */
@Controller()
export class EdgeHandlers {
  constructor(
    private readonly startSession: StartSession,
    private readonly recordTurn: RecordTurn,
    private readonly recordHeard: RecordHeard,
    private readonly endSession: EndSession,
  ) {}

  @Handles(edge.startSession)
  start(@Payload() input: InputOf<typeof edge.startSession>, @Ctx() request: RequestContext) {
    return this.startSession.run(input, request);
  }

  @Handles(edge.turn)
  turn(@Payload() input: InputOf<typeof edge.turn>, @Ctx() request: RequestContext) {
    return this.recordTurn.run(input, request);
  }

  @Handles(edge.heard)
  heard(@Payload() input: InputOf<typeof edge.heard>, @Ctx() request: RequestContext) {
    return this.recordHeard.run(input, request);
  }

  @Handles(edge.endSession)
  end(@Payload() input: InputOf<typeof edge.endSession>, @Ctx() request: RequestContext) {
    return this.endSession.run(input, request);
  }
}
