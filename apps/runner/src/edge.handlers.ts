import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { InputOf } from '@patchbay/contracts/define';
import { edge } from '@patchbay/contracts/edge';
import { Handles } from '@patchbay/service-kit/messaging/handles';
import { RequestContext } from '@patchbay/service-kit/messaging/request-context';
import { CancelInvocation } from './use-cases/cancel-invocation.ts';
import { GetInvocation } from './use-cases/get-invocation.ts';
import { ReportDirective } from './use-cases/report-directive.ts';
import { RunInvocation } from './use-cases/run-invocation.ts';

/** What a voice edge asks of the runner; who is asking comes from the subject. */
@Controller()
export class EdgeHandlers {
  constructor(
    private readonly runInvocation: RunInvocation,
    private readonly getInvocation: GetInvocation,
    private readonly cancelInvocation: CancelInvocation,
    private readonly reportDirective: ReportDirective,
  ) {}

  @Handles(edge.invoke)
  invoke(@Payload() input: InputOf<typeof edge.invoke>, @Ctx() request: RequestContext) {
    return this.runInvocation.run(input, request);
  }

  @Handles(edge.getInvocation)
  get(@Payload() input: InputOf<typeof edge.getInvocation>, @Ctx() request: RequestContext) {
    return this.getInvocation.run(input, request);
  }

  @Handles(edge.cancelInvocation)
  cancel(@Payload() input: InputOf<typeof edge.cancelInvocation>, @Ctx() request: RequestContext) {
    return this.cancelInvocation.run(input, request);
  }

  @Handles(edge.reportDirective)
  report(@Payload() input: InputOf<typeof edge.reportDirective>, @Ctx() request: RequestContext) {
    return this.reportDirective.run(input, request);
  }
}
